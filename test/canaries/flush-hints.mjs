// S1 with its mutant M1 planted, while it claims to have none: a campaign over it must find a violation.
import { planted } from './planted.mjs';

export default planted('S1', 'M1');
