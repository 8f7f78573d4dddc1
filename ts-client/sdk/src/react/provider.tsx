import { createContext, useContext, type ReactElement, type ReactNode } from "react";

import type { Milepost } from "../milepost.js";

const MilepostContext = createContext<Milepost | undefined>(undefined);

/** Gives the hooks below it their client. */
export function MilepostProvider(props: { client: Milepost; children?: ReactNode }): ReactElement {
  return <MilepostContext value={props.client}>{props.children}</MilepostContext>;
}

/** The client of the nearest {@link MilepostProvider}. */
export function useMilepost(): Milepost {
  const client = useContext(MilepostContext);
  if (client === undefined) {
    throw new Error("Milepost's hooks need a <MilepostProvider client={createMilepost()}> above them");
  }
  return client;
}
