import { useEffect, useState } from 'react';
import type { Search, SearchView } from '../../client/index.ts';
import { useMessenger } from '../messenger.tsx';
import { type Asked, boundsOf, isFiltered } from './span.ts';

/** While one types. */
const PAUSE_MS = 150;

export interface Looking {
  readonly view: SearchView;
  more(): void;
}

/** Null where nothing is looked for. What was found last stays until there is something else to show. */
export function useSearch(asked: Asked): Looking | null {
  const messenger = useMessenger();
  const [looking, setLooking] = useState<Looking | null>(null);
  const { query, conversation, sender, has } = asked;
  const { from, to } = boundsOf(asked, Date.now());
  const isAsked = query.trim() !== '' || isFiltered(asked);
  useEffect(() => {
    if (!isAsked) {
      setLooking(null);
      return;
    }
    let search: Search | null = null;
    const timer = setTimeout(() => {
      const begun = messenger.search({
        query,
        ...(conversation === null ? {} : { conversation }),
        ...(sender === null ? {} : { sender }),
        ...(has === null ? {} : { has }),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      });
      search = begun;
      const look = () => {
        const view = begun.view();
        if (view.hits.length > 0 || !view.looking) setLooking({ view, more: () => void begun.loadMore() });
      };
      begun.subscribe(look);
      look();
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      search?.close();
    };
  }, [messenger, isAsked, query, conversation, sender, has, from, to]);
  return isAsked ? looking : null;
}
