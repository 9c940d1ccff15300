// docs/performance.md holds the last report between two marks.

const begin = '<!-- figures -->\n';
const end = '<!-- end of figures -->\n';

/** The page with its report replaced. Throws if the marks are not there, once each and in order. */
export function replaceReport(page: string, report: string): string {
  const from = page.indexOf(begin) + begin.length;
  const to = page.indexOf(end);
  const isMarkedOnce = page.split(begin).length === 2 && page.split(end).length === 2 && from <= to;
  if (!isMarkedOnce) {
    throw new Error(`the page needs the lines ${begin.trim()} and ${end.trim()} once each, in this order`);
  }
  return `${page.slice(0, from)}\n${report}\n\n${page.slice(to)}`;
}
