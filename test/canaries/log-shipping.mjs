// S2 with its mutant M8 planted, while it claims to have none: a campaign over it must find a violation.
import { planted } from './planted.mjs';

export default planted('S2', 'M8');
