import { useState } from 'react';
import { why } from '../text/text.ts';

/** Something that is asked of the server: whether it is under way, and why it was not done, in words. */
export function useAct() {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState('');
  const act = async (run: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setWrong('');
    try {
      await run();
      return true;
    } catch (error) {
      setWrong(why(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, wrong, act };
}
