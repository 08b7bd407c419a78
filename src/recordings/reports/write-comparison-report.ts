import type { ComparisonResult } from '../../explore/compare/compare.ts';
import { comparisonPage } from './comparison-page.ts';
import { writeFiles } from './write-files.ts';

/**
 * Writes a comparison as `index.html`, one page that needs nothing else, into a directory, which is made when it is missing. A
 * file of that name is replaced whole. Returns its path.
 */
export const writeComparisonReport = (directory: string, result: ComparisonResult): Promise<string[]> =>
  writeFiles(directory, [['index.html', () => [comparisonPage(result)]]]);
