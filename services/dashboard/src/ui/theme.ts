import { Store } from './store.js';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'scalpstorm.theme';
const light = matchMedia('(prefers-color-scheme: light)');

function stored(): Theme {
  try {
    const found = localStorage.getItem(key);
    return themes.find((theme) => theme === found) ?? 'system';
  } catch {
    return 'system';
  }
}

export const chosenTheme = new Store<Theme>(stored());
/** What is on the screen; charts are painted anew when it changes. */
export const shownTheme = new Store<'light' | 'dark'>(resolved(chosenTheme.get()));

function resolved(theme: Theme): 'light' | 'dark' {
  if (theme !== 'system') return theme;
  return light.matches ? 'light' : 'dark';
}

function apply(): void {
  const next = resolved(chosenTheme.get());
  document.documentElement.dataset['theme'] = next;
  shownTheme.set(next);
}

export function chooseTheme(theme: Theme): void {
  try {
    if (theme === 'system') localStorage.removeItem(key);
    else localStorage.setItem(key, theme);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  chosenTheme.set(theme);
  apply();
}

light.addEventListener('change', apply);
apply();
