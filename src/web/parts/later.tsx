/** Parts that are not needed to read and write: they come once the first screen is there. */
import { Component, type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { t } from '../text/text.ts';

const loads: (() => Promise<unknown>)[] = [];

export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const Part = lazy(async () => ({ default: await load() }));
  loads.push(load);
  return (props) => (
    <Arrived>
      <Suspense fallback={null}>
        <Part {...props} />
      </Suspense>
    </Arrived>
  );
}

/** What is no part, and comes with them. */
export function alsoLater(load: () => Promise<unknown>): void {
  loads.push(load);
}

/** Fetches them all, so that they are there also when the connection is gone by the time they are wanted. */
export function fetchLater(): void {
  for (const load of loads) load().catch(() => {});
}

/** The server may have been replaced while the page was open; what belonged to this page is then gone from it. */
class Arrived extends Component<{ children: ReactNode }, { missing: boolean }> {
  override state = { missing: false };

  static getDerivedStateFromError() {
    return { missing: true };
  }

  override render() {
    if (!this.state.missing) return this.props.children;
    return (
      <div className="empty" role="alert">
        <p>{t('partMissing')}</p>
        <button type="button" className="main-button" onClick={() => location.reload()}>
          {t('reload')}
        </button>
      </div>
    );
  }
}
