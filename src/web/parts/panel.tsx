import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { t } from '../text/text.ts';
import { IconButton } from './icon-button.tsx';
import './panel.css';

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  onBack(): void;
}

/** A screen that takes the place of the inbox. */
export function Panel({ title, children, onBack }: Props) {
  return (
    <>
      <header className="bar">
        <IconButton icon={ArrowLeft} label={t('back')} onPress={onBack} autoFocus />
        <h1 className="one-line">{title}</h1>
      </header>
      <div className="panel">{children}</div>
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
