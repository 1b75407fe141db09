// Present mode for a projector: the numbers, the picture and what happened last, as large as the window allows.
import { byId, setText } from './elements.ts';
import { words } from './words.ts';

const HASH = '#present';

/** @param onChange called when it begins or ends @returns whether it is on */
export const connectPresent = (onChange: () => void): (() => boolean) => {
  const button = byId('present');
  const isOn = (): boolean => location.hash === HASH;
  const follow = (): void => {
    document.body.classList.toggle('presenting', isOn());
    button.dataset['text'] = isOn() ? 'leavePresent' : 'present';
    setText(button, isOn() ? words.leavePresent : words.present);
    onChange();
  };
  const toggle = (on: boolean): void => {
    history.replaceState(null, '', on ? HASH : location.pathname);
    follow();
  };
  button.addEventListener('click', () => toggle(!isOn()));
  addEventListener('hashchange', follow);
  addEventListener('keydown', ({ key, ctrlKey, metaKey, altKey, target }) => {
    if (ctrlKey || metaKey || altKey || document.querySelector('dialog[open]') || target instanceof HTMLSelectElement)
      return;
    if (key === 'p') toggle(!isOn());
    if (key === 'Escape' && isOn()) toggle(false);
  });
  follow();
  return isOn;
};

/**
 * How much larger than its own pixels the picture is drawn.
 * @param heightAt the height of the picture for a width, both in its own pixels
 */
export const scaleOf = (presenting: boolean, parent: HTMLElement, heightAt: (width: number) => number): number => {
  const width = parent.clientWidth;
  const normal = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  if (!presenting || width < 700) return Math.max(1, normal);
  const room = innerHeight - parent.getBoundingClientRect().top - scrollY - 110; // for what happened last, below it
  for (let scale = 3; scale > 1; scale -= 0.05) {
    if (width / scale >= 760 && heightAt(width / scale) * scale <= room) return scale;
  }
  return 1;
};
