// @ts-check
/**
 * Draws relations in the margin beside the text, of the hovered or the chosen annotation only: a curve from the
 * subject to the object, with the kind's key on it. What the cards list is drawn, nothing else is asked for. An edge
 * can be clicked; for who works by keys the card's list has the same. Also the handle to drag a new one from.
 */

/** @typedef {{id: string, direction: "in" | "out" | "both", manner: string, other: string, key: string}} Edge */

const SVG = "http://www.w3.org/2000/svg";
const GAP = 5;

export class Edges {
  /** @param {import("./desk.js").Desk} desk @param {(relation: string) => void} open */
  constructor(desk, open) {
    this.desk = desk;
    this.svg = /** @type {SVGSVGElement} */ (desk.querySelector("svg.edges"));
    this.handle = /** @type {HTMLButtonElement | null} */ (desk.querySelector(".edge-handle"));
    this.hovered = "";
    this.drafted = { from: "", ends: /** @type {string[]} */ ([]), reversed: false };
    this.frame = 0;
    this.svg.addEventListener("click", (event) => {
      const edge = /** @type {SVGElement | null} */ (/** @type {Element} */ (event.target).closest("[data-relation]"));
      if (edge?.dataset.relation) open(edge.dataset.relation);
    });
    this.handle?.addEventListener("pointerdown", (event) => this.#drag(event));
    new ResizeObserver(() => this.draw()).observe(desk.text);
  }

  /** What the pointer is over. @param {string} id */
  hover(id) {
    if (id === this.hovered) return;
    this.hovered = id;
    this.draw();
  }

  /** What would be related. @param {string} from @param {string[]} ends @param {boolean} reversed */
  draft(from, ends, reversed) {
    this.drafted = { from, ends, reversed };
    this.draw();
  }

  /** Draws anew with the next frame. */
  draw() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.#draw();
    });
  }

  /** The relations of an annotation, as its card lists them. @param {string} id @returns {Edge[]} */
  of(id) {
    const written = this.desk.cards.of(id)?.dataset.edges;
    if (!written) return [];
    return written.split(" ").map((edge) => {
      const [relation, direction, manner, other, ...key] = edge.split(",");
      return { id: relation, direction: /** @type {Edge["direction"]} */ (direction), manner, other, key: key.join(",") };
    });
  }

  #draw() {
    const { choosing, marks, painting, cards } = this.desk;
    const of = this.hovered || choosing.id;
    const drawn = this.of(of);
    const frame = this.svg.getBoundingClientRect();
    const parts = drawn.flatMap((edge, i) => {
      const [from, to] = edge.direction === "in" ? [edge.other, of] : [of, edge.other];
      return this.#edge(this.#place(from, frame), this.#place(to, frame), i, edge);
    });
    const { from, ends, reversed } = this.drafted;
    for (const [i, end] of ends.entries()) {
      const [a, b] = reversed ? [end, from] : [from, end];
      parts.push(...this.#edge(this.#place(a, frame), this.#place(b, frame), drawn.length + i, null));
    }
    this.svg.replaceChildren(...parts);
    painting.linked([...drawn.map((edge) => edge.other), ...ends].map((id) => cards.extentOf(id)));
    this.#placeHandle(marks.of(choosing.id).at(-1), frame);
  }

  /** The height of an annotation's first line, if it is drawn. @param {string} id @param {DOMRect} frame */
  #place(id, frame) {
    const mark = this.desk.marks.of(id)[0];
    const line = mark?.getClientRects()[0];
    return line ? line.top + line.height / 2 - frame.top : null;
  }

  /** @param {number | null} from @param {number | null} to @param {number} nth @param {Edge | null} edge  none for one that is not made yet */
  #edge(from, to, nth, edge) {
    if (from === null || to === null) return [];
    const frame = this.svg.getBoundingClientRect();
    const text = this.desk.text.getBoundingClientRect();
    const rtl = getComputedStyle(this.desk.text).direction === "rtl";
    const room = Math.max(rtl ? frame.right - text.right : text.left - frame.left, 16) - GAP * 2;
    const x = rtl ? text.right - frame.left + GAP : text.left - frame.left - GAP;
    const bulge = Math.min(room, 26 + nth * 13 + Math.abs(to - from) / 12) * (rtl ? 1 : -1) * (4 / 3);
    // Two relations between one and the same line are told apart by where they arrive.
    const [a, b] = [from + nth % 3, to + (from === to ? 9 : 0) + nth % 3];
    const group = element("g", edge ? { class: `edge${edge.manner === "implied" ? " implied" : ""}`, "data-relation": edge.id } : { class: "edge draft" });
    const path = `M${x} ${a} C${x + bulge} ${a}, ${x + bulge} ${b}, ${x} ${b}`;
    group.append(element("path", { class: "edge-hit", d: path }), element("path", { class: "edge-line", d: path }));
    const tip = rtl ? -7 : 7;
    if (edge?.direction !== "both") group.append(element("path", { class: "edge-tip", d: `M${x + tip * 0.55} ${b} l${-tip} -4 v8 z` }));
    if (edge && room > 26) {
      const [cx, cy] = [x + bulge * 0.75, (a + b) / 2];
      const key = element("text", { x: cx, y: cy + 3.5, class: "edge-key" });
      key.textContent = edge.key;
      group.append(element("circle", { cx, cy, r: 8, class: "edge-badge" }), key);
    }
    return [group];
  }

  // -- The handle ---------------------------------------------------------------------------------

  /** @param {HTMLElement | undefined} mark @param {DOMRect} frame */
  #placeHandle(mark, frame) {
    const { handle } = this;
    if (!handle) return;
    const line = mark ? [...mark.getClientRects()].at(-1) : undefined;
    handle.hidden = !line;
    if (!line) return;
    const rtl = getComputedStyle(this.desk.text).direction === "rtl";
    handle.style.left = `${(rtl ? line.left : line.right) - frame.left}px`;
    handle.style.top = `${line.top - frame.top}px`;
  }

  /** From the handle to another annotation: that one is the other end; let go elsewhere, it is only armed.
   * @param {PointerEvent} event */
  #drag(event) {
    const { handle, desk } = this;
    const from = desk.choosing.id;
    if (!handle || !from || event.button) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    const frame = this.svg.getBoundingClientRect();
    const line = element("path", { class: "edge-line edge-drag" });
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    const move = (/** @type {PointerEvent} */ to) => {
      if (!line.isConnected) this.svg.append(line);
      line.setAttribute("d", `M${x} ${y} L${to.clientX - frame.left} ${to.clientY - this.svg.getBoundingClientRect().top}`);
      const under = this.#under(to);
      desk.painting.linked(under ? [desk.cards.extentOf(under)] : []);
    };
    const end = (/** @type {PointerEvent} */ up) => {
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("pointerup", end);
      handle.removeEventListener("pointercancel", end);
      line.remove();
      if (up.type === "pointercancel" || !desk.relating.arm(from)) return;
      const under = this.#under(up);
      if (under && under !== from) desk.choosing.choose(under, { from: "text" });
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", end);
    handle.addEventListener("pointercancel", end);
  }

  /** The annotation under the pointer: of several the shortest. @param {PointerEvent} at */
  #under(at) {
    const [found] = document.elementsFromPoint(at.clientX, at.clientY).flatMap((element) => {
      const card = element.closest(".cards > li");
      if (card) return [[this.desk.cards.idOf(card)]];
      const mark = element.closest("mark");
      return mark ? [this.desk.marks.idsOf(mark)] : [];
    });
    return found?.filter((id) => this.desk.cards.of(id)?.hidden === false).sort((a, b) => this.desk.cards.sizeOf(a) - this.desk.cards.sizeOf(b))[0] ?? "";
  }
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
