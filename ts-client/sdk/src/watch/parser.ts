// The event stream format of the WHATWG HTML standard, section 9.2.6, byte for byte.
//
// Written here because what is on the shelf does not hold: EventSource sends no headers, and the
// readers made for fetch lose an event whose CRLF is cut in two, or grow without bound on a line
// that never ends.

/** One block of a stream: what stands between two empty lines. */
export interface Block {
  /** The `id:` of this block, where it has one; a block may consist of nothing else. */
  id?: string;
  /** The `event:`; `message` if there is none. */
  event: string;
  /** The `data:` lines, joined; absent if there are none, and then it is no event. */
  data?: string;
}

/** A block is longer than a reader is ready to hold. */
export class BlockTooLong extends Error {
  override name = "BlockTooLong";
}

/** Takes the bytes of one connection as they come, in pieces cut anywhere. */
export class SseParser {
  /** The last `retry:`, in milliseconds. */
  retry: number | undefined;

  // Strips one byte order mark and puts U+FFFD where bytes are no UTF-8, as the standard's decode does.
  readonly #decoder = new TextDecoder();
  readonly #maxLength: number;
  #line = "";
  #skipLineFeed = false;
  #id: string | undefined;
  #event = "";
  #data: string[] = [];
  #dataLength = 0;

  /** `maxLength`: of one block, in UTF-16 units; beyond it {@link push} throws {@link BlockTooLong}. */
  constructor(maxLength = Number.POSITIVE_INFINITY) {
    this.#maxLength = maxLength;
  }

  /** The blocks that end in this piece. One that never ends is never given. */
  push(bytes: Uint8Array): Block[] {
    const blocks: Block[] = [];
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === "") return blocks;
    // The second half of a CRLF whose first half has ended the line already.
    if (this.#skipLineFeed && text.startsWith("\n")) text = text.slice(1);
    this.#skipLineFeed = text === "" ? false : text.endsWith("\r");

    // Searched for one by one, not by a pattern of the three line ends: a dashboard reads tens of
    // thousands of lines a second, and this is the fastest a browser can do.
    let start = 0;
    let lineFeed = text.indexOf("\n");
    let carriageReturn = text.indexOf("\r");
    while (lineFeed !== -1 || carriageReturn !== -1) {
      const endsInLineFeed = carriageReturn === -1 || (lineFeed !== -1 && lineFeed < carriageReturn);
      const end = endsInLineFeed ? lineFeed : carriageReturn;
      const line = this.#line + text.slice(start, end);
      this.#line = "";
      start = end + (!endsInLineFeed && lineFeed === end + 1 ? 2 : 1);
      if (line === "") this.#dispatch(blocks);
      else this.#field(line);
      if (lineFeed !== -1 && lineFeed < start) lineFeed = text.indexOf("\n", start);
      if (carriageReturn !== -1 && carriageReturn < start) carriageReturn = text.indexOf("\r", start);
    }
    this.#line += text.slice(start);
    if (this.#dataLength + this.#line.length > this.#maxLength) {
      throw new BlockTooLong(`an event of the stream is longer than ${this.#maxLength}`);
    }
    return blocks;
  }

  #field(line: string): void {
    const colon = line.indexOf(":");
    if (colon === 0) return; // a comment
    const name = colon === -1 ? line : line.slice(0, colon);
    let value = colon === -1 ? "" : line.slice(colon + 1);
    if (value.startsWith(" ")) value = value.slice(1);
    switch (name) {
      case "data":
        this.#data.push(value);
        this.#dataLength += value.length + 1;
        break;
      case "event":
        this.#event = value;
        break;
      case "id":
        if (!value.includes("\0")) this.#id = value;
        break;
      case "retry":
        if (/^[0-9]+$/.test(value)) this.retry = Number(value);
        break;
      default: // Fields of a later standard are skipped, as this one says.
    }
  }

  #dispatch(blocks: Block[]): void {
    const block: Block = { event: this.#event === "" ? "message" : this.#event };
    if (this.#id !== undefined) block.id = this.#id;
    if (this.#data.length > 0) block.data = this.#data.join("\n");
    if (block.id !== undefined || block.data !== undefined) blocks.push(block);
    this.#id = undefined;
    this.#event = "";
    this.#data = [];
    this.#dataLength = 0;
  }
}
