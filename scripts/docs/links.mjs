/**
 * Checks links without a network: every link of a page must lead to a file that is
 * there and, where it names an anchor, to one that the other page has. Pages are
 * those of the built site, and Markdown as code hosts show it.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import GithubSlugger from 'github-slugger';
import { Parser } from 'htmlparser2';
import MarkdownIt from 'markdown-it';

const LINKS = new Set(['href', 'src']);
/** Seconds after which a server elsewhere counts as dead. */
const PATIENCE = 20;

/** The HTML that a code host makes of Markdown, as far as links and anchors go. */
function render(markdown) {
  const renderer = new MarkdownIt({ html: true });
  const slugger = new GithubSlugger();
  const tokens = renderer.parse(markdown, {});
  tokens.forEach((token, i) => {
    if (token.type !== 'heading_open') return;
    const texts = tokens[i + 1].children.map(({ content }) => content);
    token.attrSet('id', slugger.slug(texts.join('')));
  });
  return renderer.renderer.render(tokens, renderer.options, {});
}

/** What a page has to be linked to, and what it links to. */
function readPage(file) {
  const text = readFileSync(file, 'utf8');
  const anchors = new Set();
  const links = new Set();
  const parser = new Parser({
    onopentag(_, attributes) {
      for (const [name, value] of Object.entries(attributes)) {
        if (name === 'id' || name === 'name') anchors.add(value);
        if (LINKS.has(name)) links.add(value);
      }
    },
  });
  parser.end(file.endsWith('.md') ? render(text) : text);
  return { anchors, links };
}

/** All files of that ending below a folder. */
export function filesBelow(folder, ending) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/**
 * @param files pages, as absolute paths
 * @param readable ending of the files that are pages: others have no anchors to look for
 * @returns how many links there are, what is wrong with them, and addresses elsewhere
 */
export function checkLinks(files, readable) {
  const pages = new Map();
  const pageOf = (file) => {
    if (!pages.has(file)) pages.set(file, readPage(file));
    return pages.get(file);
  };
  const wrong = (file, link) => {
    const [place, anchor] = link.split('#');
    const target = path.resolve(path.dirname(file), decodeURIComponent(place.split('?')[0]));
    const linked = place === '' ? file : target;
    if (!existsSync(linked)) return 'no such file';
    if (anchor === undefined || anchor === '' || !linked.endsWith(readable)) return undefined;
    if (!statSync(linked).isFile()) return 'no page';
    return pageOf(linked).anchors.has(decodeURIComponent(anchor)) ? undefined : 'no such anchor';
  };
  const found = files.flatMap((file) => [...pageOf(file).links].map((link) => ({ file, link })));
  const isElsewhere = ({ link }) => /^[a-z][a-z+.-]*:/i.test(link);
  return {
    count: found.length,
    broken: found
      .filter((each) => !isElsewhere(each))
      .map(({ file, link }) => ({ file, link, reason: wrong(file, link) }))
      .filter(({ reason }) => reason !== undefined),
    elsewhere: [...new Set(found.filter(isElsewhere).map(({ link }) => link))].sort(),
  };
}

/** What a server says of an address: the status, or why there is none. */
export async function ask(address) {
  const signal = AbortSignal.timeout(1000 * PATIENCE);
  try {
    const { status } = await fetch(address, { signal });
    return { isAlive: status < 400, answer: String(status) };
  } catch (error) {
    return { isAlive: false, answer: error.cause?.message ?? error.message };
  }
}
