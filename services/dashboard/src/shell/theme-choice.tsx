import { Monitor, Moon, Sun } from 'lucide-react';
import { useStore } from '../ui/store.js';
import { chooseTheme, chosenTheme, type Theme } from '../ui/theme.js';

const choices = [
  { theme: 'system', label: 'As the system', icon: Monitor },
  { theme: 'light', label: 'Light', icon: Sun },
  { theme: 'dark', label: 'Dark', icon: Moon },
] as const satisfies readonly { theme: Theme; label: string; icon: typeof Sun }[];

export function ThemeChoice() {
  const chosen = useStore(chosenTheme);
  return (
    <fieldset className="flex rounded-lg border border-line p-0.5 md:max-lg:flex-col">
      <legend className="sr-only">Colours</legend>
      {choices.map(({ theme, label, icon: Icon }) => (
        <button
          key={theme}
          type="button"
          title={label}
          aria-label={label}
          aria-pressed={chosen === theme}
          className="grid min-h-8 flex-1 place-items-center rounded-md text-quiet aria-pressed:bg-raised aria-pressed:text-ink"
          onClick={() => chooseTheme(theme)}
        >
          <Icon aria-hidden="true" className="size-4" />
        </button>
      ))}
    </fieldset>
  );
}
