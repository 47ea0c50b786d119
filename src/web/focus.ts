/** Where the focus is: never lost in the page, so that Tab and screen readers go on from there and not from the top. */

const FRAMES = ['[role=dialog]', '.details-pane', '.main-pane', '.side-pane', 'main'];
/** For as long, whoever knows better may take it: a list, for example, once its rows are measured. */
const PATIENCE_FRAMES = 30;

/** From now on: where what had the focus goes away and nothing else takes it, what stands there by then has it. */
export function keepFocus(): void {
  let last: Element | null = null;
  let frame: Element | null = null;
  let frames = 0;
  const isLost = () => last !== null && !canHave(last) && document.activeElement === document.body;
  const find = () => {
    frames = isLost() ? frames + 1 : 0;
    if (frames === 0) return;
    const next = frames > PATIENCE_FRAMES ? within(frame) : null;
    if (next) focus(next);
    requestAnimationFrame(find);
  };
  const look = () => {
    if (frames === 0) find();
    // Something that could not have it for a moment, as while the server was asked, has it again.
    else if (last && canHave(last)) focus(last);
  };
  document.addEventListener('focusin', ({ target }) => {
    last = target as Element;
    frame = last.closest(FRAMES.join()) ?? frame;
  });
  // One may leave the focus nowhere oneself.
  document.addEventListener('focusout', () =>
    queueMicrotask(() => {
      if (last && canHave(last) && document.activeElement === document.body) last = null;
    }),
  );
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributeFilter: ['disabled'] });
}

const canHave = (element: Element) => element.isConnected && !element.matches(':disabled');

function within(frame: Element | null): Element | null {
  const others = FRAMES.map((one) => document.querySelector(one));
  const here = [frame?.isConnected ? frame : null, ...others].find((one) =>
    one?.querySelector(`${HEADING}, button, a`),
  );
  if (!here) return null;
  const field = matchMedia('(pointer: coarse)').matches ? null : here.querySelector('.composer-field');
  return field ?? here.querySelector(HEADING) ?? here.querySelector('button, a');
}

const HEADING = 'h1, h2, [slot=title]';

function focus(element: Element): void {
  if (!(element instanceof HTMLElement)) return;
  if (element.matches(HEADING)) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
