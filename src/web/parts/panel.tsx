import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { t } from '../text/text.ts';
import { IconButton } from './icon-button.tsx';
import { hasActed } from './media.ts';
import './panel.css';

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  /** Stays in sight below what scrolls. */
  readonly foot?: ReactNode;
  onBack(): void;
}

/** A screen that takes the place of the inbox. */
export function Panel({ title, children, foot, onBack }: Props) {
  return (
    <>
      <header className="bar">
        <IconButton icon={ArrowLeft} label={t('back')} onPress={onBack} autoFocus={hasActed()} />
        <h1 className="one-line">{title}</h1>
      </header>
      <div className="panel">{children}</div>
      {foot && <footer className="panel-foot">{foot}</footer>}
    </>
  );
}

export function Wrong({ children }: { children: string }) {
  return children === '' ? null : (
    <p className="wrong" role="alert">
      {children}
    </p>
  );
}
