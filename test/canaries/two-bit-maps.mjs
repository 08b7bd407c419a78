// S13.4 with its mutant e planted, while it claims to have none: a campaign over it must find a violation.
import { planted } from './planted.mjs';

export default planted('S13.4', 'e');
