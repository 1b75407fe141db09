// DOM helpers. Text is only ever set as text, never as HTML.

/** The element with this id, which index.html has. */
export const byId = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no #${id}`);
  return found;
};

export type Attributes = Readonly<Record<string, string | number>>;

type Children = readonly (Element | string)[];

/** A new element of HTML. */
export const html = (name: string, attributes: Attributes = {}, ...children: Children): HTMLElement =>
  filled(document.createElement(name), attributes, children);

/** A new element of SVG. */
export const svg = <K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Children
): SVGElementTagNameMap[K] =>
  filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);

/** Writes `text` only where it differs, so that a screen reader and a selection are left in peace. */
export const setText = (element: Element, text: string): void => {
  if (element.textContent !== text) element.textContent = text;
};

const filled = <E extends Element>(element: E, attributes: Attributes, children: Children): E => {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, `${value}`);
  element.append(...children);
  return element;
};
