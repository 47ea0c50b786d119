import '../theme.css';
import '../page.css';
import '../parts/controls.css';
import '../app.css';
import { I18nProvider } from 'react-aria-components';
import { createRoot } from 'react-dom/client';
import { applyAppearance } from '../appearance.ts';
import { fetchLater } from '../parts/later.tsx';
import { Gallery } from './gallery.tsx';
import '../conversation/reactions.css';

applyAppearance();
fetchLater();
createRoot(document.getElementById('app')!).render(
  <I18nProvider locale={document.documentElement.lang}>
    <Gallery />
  </I18nProvider>,
);
