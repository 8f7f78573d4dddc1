// A leader that says nothing for longer than the server lets a stream be quiet is asked, and one
// that does not answer either is replaced: it hangs, or was frozen with the lock in its hand.

/** Looked at that often, in milliseconds. A page that is not seen looks later, which does no harm. */
const LOOK = 2_500;
/** The server moves a quiet stream every 15 s, and the leader passes that on. */
const QUIET = 20_000;

export class Silence {
  readonly #then: { ask: () => void; seize: () => void };
  #timer: ReturnType<typeof setInterval> | undefined;
  #last = 0;
  #known = false;
  /** Looks since the question that had no answer. */
  #asked = 0;

  constructor(then: { ask: () => void; seize: () => void }) {
    this.#then = then;
  }

  /** Begins: somebody is said to lead, and should be heard soon. */
  listen(): void {
    this.stop();
    this.#last = performance.now();
    this.#known = false;
    this.#asked = 0;
    this.#timer = setInterval(this.#look, LOOK);
  }

  heard(): void {
    this.#last = performance.now();
    this.#known = true;
    this.#asked = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look = (): void => {
    if (performance.now() - this.#last < (this.#known ? QUIET : LOOK)) return;
    // Two looks for an answer: one may have come late, together with what it should have waited for.
    if (this.#asked < 2) {
      this.#asked += 1;
      this.#then.ask();
      return;
    }
    this.listen();
    this.#then.seize();
  };
}
