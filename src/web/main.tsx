import './theme.css';
import './page.css';
import './parts/controls.css';
import './opening.css';
import { I18nProvider } from 'react-aria-components';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { applyAppearance } from './appearance.ts';
import { keepFocus } from './focus.ts';

applyAppearance();
keepFocus();
createRoot(document.getElementById('app')!).render(
  <I18nProvider locale={document.documentElement.lang}>
    <App />
  </I18nProvider>,
);
