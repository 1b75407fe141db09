// The language of the page: the one that was chosen here, or else the first that the browser prefers.
import { en, type Words } from './en.ts';

const LANGUAGES: Readonly<Record<string, () => Promise<Words>>> = {
  en: async () => en,
  id: async () => (await import('./id.ts')).id,
  'zh-TW': async () => (await import('./zh-TW.ts')).zhTW,
};

const CHOSEN = 'language';

/** Every reader gets the words of the language of the moment. */
export let words: Words = en;

const use = async (language: string): Promise<void> => {
  words = (await LANGUAGES[language]?.().catch(() => en)) ?? en; // without a network, there is English
  document.documentElement.lang = words.locale;
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
    const text = words[element.dataset['text'] as keyof Words];
    if (typeof text === 'string') element.textContent = text;
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-label]')) {
    const text = words[element.dataset['label'] as keyof Words];
    if (typeof text === 'string') element.setAttribute('aria-label', text);
  }
};

const preferred = (): string => {
  const all = [localStorage.getItem(CHOSEN) ?? '', ...navigator.languages];
  const known = all.map((tag) => (/^zh\b/.test(tag) ? 'zh-TW' : (tag.split('-')[0] ?? '')));
  return known.find((language) => language in LANGUAGES) ?? 'en';
};

await use(preferred());

/** Lets `select` choose. @param onChange called when the words are others */
export const connectLanguage = (select: HTMLSelectElement, onChange: () => void): void => {
  select.value = words.locale;
  select.addEventListener('change', async () => {
    localStorage.setItem(CHOSEN, select.value);
    await use(select.value);
    onChange();
  });
};

/** A count in the way of the language; short from a million, and a dash where it is not known. */
export const count = (value: number | null): string => {
  if (value === null) return '–';
  return value < 1_000_000
    ? value.toLocaleString(words.locale)
    : value.toLocaleString(words.locale, { notation: 'compact', maximumSignificantDigits: 3 });
};

/** The number of one hit, which nothing may be left out of. */
export const exact = (value: number): string => value.toLocaleString(words.locale);

/** @param part from 0 to 1 */
export const percent = (part: number): string => `${(part * 100).toFixed(1)}%`;

/** A rate or a duration, with a decimal only where it matters. */
export const short = (value: number): string =>
  value.toLocaleString(words.locale, { maximumFractionDigits: value < 10 ? 1 : 0 });

export const timeOf = (at: number | string): string => new Date(at).toLocaleTimeString('en-GB');
