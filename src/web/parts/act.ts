import { useState } from 'react';
import { why } from '../text/text.ts';

/** Something that is asked of the server: whether it is under way, and why it was not done, in words, until that is forgotten. */
export function useAct(say: (error: unknown) => string = why) {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState('');
  const act = async (run: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setWrong('');
    try {
      await run();
      return true;
    } catch (error) {
      setWrong(say(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, wrong, act, forget: () => setWrong('') };
}
