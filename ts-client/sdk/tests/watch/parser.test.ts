import { describe, expect, test } from "vitest";

import { BlockTooLong, SseParser, type Block } from "../../src/watch/parser.js";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function parse(pieces: Iterable<Uint8Array>): { blocks: Block[]; retry: number | undefined } {
  const parser = new SseParser();
  const blocks = [...pieces].flatMap((piece) => parser.push(piece));
  return { blocks, retry: parser.retry };
}

/** The same bytes whole, in two pieces cut at every place, and one by one. */
function* cuts(bytes: Uint8Array): Generator<Uint8Array[]> {
  yield [bytes];
  for (let at = 0; at <= bytes.length; at += 1) yield [bytes.subarray(0, at), bytes.subarray(at)];
  yield Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
}

// After the web platform's own tests of EventSource, and the examples of the standard.
const cases: [sentence: string, stream: string | Uint8Array, blocks: Block[], retry?: number][] = [
  ["a line feed ends a line", "data: a\ndata: b\n\n", [{ event: "message", data: "a\nb" }]],
  ["a carriage return ends a line", "data: a\rdata: b\r\r", [{ event: "message", data: "a\nb" }]],
  ["the two together end one line", "data: a\r\ndata: b\r\n\r\n", [{ event: "message", data: "a\nb" }]],
  [
    "line ends may be mixed",
    "data: a\r\ndata: b\rdata: c\n\r\ndata: d\n\n",
    [
      { event: "message", data: "a\nb\nc" },
      { event: "message", data: "d" },
    ],
  ],
  ["a leading byte order mark is skipped", "\uFEFFdata: a\n\n", [{ event: "message", data: "a" }]],
  ["only one byte order mark is", "\uFEFF\uFEFFdata: a\n\ndata: b\n\n", [{ event: "message", data: "b" }]],
  ["a byte order mark inside is data", "data: \uFEFFa\n\n", [{ event: "message", data: "\uFEFFa" }]],
  ["comments are skipped", ": hello\n:data: x\n:\ndata: a\n:\n\n", [{ event: "message", data: "a" }]],
  ["one space after the colon is dropped, no more", "data:  a\ndata:b\n\n", [{ event: "message", data: " a\nb" }]],
  ["a tab is data", "data:\ta\n\n", [{ event: "message", data: "\ta" }]],
  ["a field without colon has an empty value", "data\n\ndata\ndata\n\n", [
    { event: "message", data: "" },
    { event: "message", data: "\n" },
  ]],
  ["colons in a value stay", "data: a:b: c\n\n", [{ event: "message", data: "a:b: c" }]],
  ["a block without data is no event", "event: x\n\ndata: a\n\n", [{ event: "message", data: "a" }]],
  ["a block of an id alone is given, because it moves the position", "id: e.7\n\n", [{ event: "message", id: "e.7" }]],
  ["type, id and data come together", "event: task.log\nid: e.8\ndata: {}\n\n", [
    { event: "task.log", id: "e.8", data: "{}" },
  ]],
  ["the last of a field counts", "id: 1\nid: 2\nevent: a\nevent: b\ndata: x\n\n", [
    { event: "b", id: "2", data: "x" },
  ]],
  ["an empty id forgets the position", "id\ndata: x\n\n", [{ event: "message", id: "", data: "x" }]],
  ["an id with NUL is ignored", "id: 1\nid: a\0b\ndata: x\n\n", [{ event: "message", id: "1", data: "x" }]],
  ["NUL in data is data", "data: a\0b\n\n", [{ event: "message", data: "a\0b" }]],
  ["a type does not outlive its block", "event: x\ndata: a\n\ndata: b\n\n", [
    { event: "x", data: "a" },
    { event: "message", data: "b" },
  ]],
  ["unknown fields are skipped, and names are exact", "Data: a\n data: b\ndatum: c\ndata: d\n\n", [
    { event: "message", data: "d" },
  ]],
  ["a block that does not end is dropped", "data: a\n\ndata: b\nid: 9", [{ event: "message", data: "a" }]],
  ["so is one that lacks the empty line", "data: a\n\ndata: b\n", [{ event: "message", data: "a" }]],
  ["retry takes digits", "retry: 1500\n\n", [], 1500],
  ["retry takes nothing but digits", "retry: 1500\nretry: 10x\nretry: -1\nretry: 1.5\nretry:\nretry: ٣\n\n", [], 1500],
  ["any script survives", "data: Привет, 世界 👋\u2028\u0085\n\n", [{ event: "message", data: "Привет, 世界 👋\u2028\u0085" }]],
  ["bytes that are no UTF-8 become replacement characters", Uint8Array.of(...bytesOf("data: "), 0xff, 0xc3, 0x0a, 0x0a), [
    { event: "message", data: "\uFFFD\uFFFD" },
  ]],
  ["an empty stream has nothing", "", []],
  ["empty lines alone have nothing", "\n\r\n\r\r\n\n", []],
];

describe("the parser, wherever the bytes are cut", () => {
  test.each(cases)("%s", (_, stream, blocks, retry) => {
    const bytes = typeof stream === "string" ? bytesOf(stream) : stream;
    for (const pieces of cuts(bytes)) {
      expect(parse(pieces)).toEqual({ blocks, retry });
    }
  });
});

describe("the parser", () => {
  test("gives an event as soon as its carriage return is there, without waiting for a line feed", () => {
    const parser = new SseParser();
    expect(parser.push(bytesOf("data: a\r\r"))).toHaveLength(1);
    expect(parser.push(bytesOf("\ndata: b\n\n"))).toEqual([{ event: "message", data: "b" }]);
  });

  test("refuses a line that never ends", () => {
    const parser = new SseParser(1000);
    parser.push(bytesOf("data: "));
    const line = bytesOf("x".repeat(100));
    expect(() => {
      for (let i = 0; i < 11; i += 1) parser.push(line);
    }).toThrow(BlockTooLong);
  });

  test("refuses an event of endless lines", () => {
    const parser = new SseParser(1000);
    const line = bytesOf("data: 123456789\n");
    expect(() => {
      for (let i = 0; i < 200; i += 1) parser.push(line);
    }).toThrow(BlockTooLong);
  });

  test("takes any number of short events", () => {
    const parser = new SseParser(100);
    const event = bytesOf(": a comment\ndata: 123456789\n\n");
    for (let i = 0; i < 1000; i += 1) expect(parser.push(event)).toHaveLength(1);
  });

  test("takes an event of many pieces in time that grows with its length, not its square", () => {
    const parser = new SseParser();
    const piece = bytesOf("x".repeat(64));
    parser.push(bytesOf("data: "));
    for (let i = 0; i < 65_536; i += 1) parser.push(piece);
    const [block] = parser.push(bytesOf("\n\n"));
    expect(block?.data).toHaveLength(4 * 1024 * 1024);
  });
});
