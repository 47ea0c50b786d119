import './theme.css';
import './page.css';
import './parts/controls.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

createRoot(document.getElementById('app')!).render(<App />);
