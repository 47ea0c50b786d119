/** To be imported by each part that says these words. */
import { enSafety } from './en-safety.ts';
import { learn } from './text.ts';

learn(enSafety);
