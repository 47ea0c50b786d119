import '../theme.css';
import '../page.css';
import '../parts/controls.css';
import '../app.css';
import { I18nProvider } from 'react-aria-components';
import { createRoot } from 'react-dom/client';
import { applyAppearance } from '../appearance.ts';
import { Gallery } from './gallery.tsx';

applyAppearance();
createRoot(document.getElementById('app')!).render(
  <I18nProvider locale={document.documentElement.lang}>
    <Gallery />
  </I18nProvider>,
);
