/**
 * What typedoc must be told about this package that its options cannot say: under
 * which heading of the navigation each guide and each export stands, and how guides
 * are called. Headings of exports follow from the folder that the code is in, so
 * that a new export needs no tag; a folder that is not named here is an error.
 */
import path from 'node:path';
import { Application, Comment, CommentTag, Converter, JSX, KindRouter } from 'typedoc';
import { root } from '../native/settings.mjs';

/** Headings in the order in which the navigation shows them, and the guides of each. */
const GUIDES = {
  Guides: [
    'docs/start.md',
    'docs/tuning.md',
    'docs/preprocessing.md',
    'docs/streaming.md',
    'docs/async.md',
    'docs/serving.md',
    'examples/service/README.md',
    'docs/merging.md',
    'docs/cli.md',
    'docs/from-pygln.md',
  ],
  'Other models': [
    'docs/regression.md',
    'docs/bandits.md',
    'docs/dendritic.md',
    'docs/density.md',
    'docs/layers.md',
  ],
  'How it works': [
    'docs/algorithm.md',
    'docs/architecture.md',
    'docs/accuracy.md',
    'docs/performance.md',
    'docs/format.md',
  ],
  Project: ['docs/platforms.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
};

/** Headings of exports, by file or folder below lib; the longest that fits counts. */
const EXPORTS = {
  'Networks for classes': ['gln', 'options', 'classifier', 'explain', 'inspect', 'parameters'],
  Regression: ['gaussian', 'regressor'],
  Bandits: ['bandit'],
  'Dendritic networks': ['dendritic'],
  Densities: ['density'],
  Training: ['schedules', 'presets', 'async', 'online-model'],
  Preprocessing: ['preprocessing'],
  Streams: ['streams'],
  Saving: ['saving', 'format', 'interchange', 'layers/saving'],
  Metrics: ['metrics'],
  Plots: ['plots', 'terminal'],
  Data: ['data'],
  'Errors and system': ['errors', 'native', 'types'],
  Layers: ['layers', 'layers/core/layer', 'layers/core/structure'],
  Models: ['layers/model', 'layers/model-options', 'layers/layered-model', 'layers/sequential'],
  'Losses, metrics and optimizers': ['layers/training'],
  'Tensors and seeds': ['layers/core'],
};

/** Where the two entries of the package stand. */
const REFERENCE = 'Reference';

/** A path as it is written from the repository's root, with slashes on every system. */
function belowRoot(file) {
  return path.relative(root, file).replaceAll(path.sep, '/');
}

/** The heading of the exports of this file. */
function headingOf(fileName) {
  const file = belowRoot(fileName)
    .replace(/^lib\//, '')
    .replace(/(\.d)?\.ts$/, '');
  const fits = (place) => file === place || file.startsWith(`${place}/`);
  const [best] = Object.entries(EXPORTS)
    .flatMap(([heading, places]) => places.filter(fits).map((place) => ({ heading, place })))
    .sort((a, b) => b.place.length - a.place.length);
  if (best === undefined)
    throw new Error(`${fileName}: expected a place in scripts/docs/plugin.mjs`);
  return best.heading;
}

function addHeading(reflection, heading) {
  const commented = reflection.signatures?.[0] ?? reflection;
  commented.comment ??= new Comment();
  const content = [{ kind: 'text', text: heading }];
  commented.comment.blockTags.push(new CommentTag('@category', content));
}

/** The file that a guide or an export is in. */
function fileOf(reflection) {
  const declared = reflection.isReference?.() ? reflection.getTargetReflectionDeep() : reflection;
  const { project } = reflection;
  return reflection.isDocument()
    ? project.files.getReflectionPath(reflection)
    : project.getSymbolIdFromReflection(declared).fileName;
}

/** A guide is called what its first heading says, not what its file is called. */
function nameGuide(guide) {
  const [, title] = /^# (.+)$/m.exec(guide.content.map(({ text }) => text).join('')) ?? [];
  if (title === undefined) throw new Error(`${fileOf(guide)}: expected a first heading`);
  const file = belowRoot(fileOf(guide));
  const [heading] = Object.entries(GUIDES).find(([, files]) => files.includes(file));
  guide.name = title;
  guide.frontmatter.category = heading;
}

/** Addresses of guides follow from their files, so that a new title breaks no link. */
class GuideRouter extends KindRouter {
  getIdealBaseName(reflection) {
    if (!reflection.isDocument()) return super.getIdealBaseName(reflection);
    const name = belowRoot(fileOf(reflection)).replace(/(\/README)?\.md$/, '');
    return `guides/${path.posix.basename(name).toLowerCase()}`;
  }
}

/** Shows a newcomer the guides: these headings are open until they are closed. */
const OPENED = ['Guides', 'Other models'];

function openHeadings() {
  const keys = JSON.stringify(OPENED.map((heading) => `tsd-accordion-${heading}`));
  const html = `for (const key of ${keys}) localStorage[key] ??= 'true';`;
  return JSX.createElement('script', null, JSX.createElement(JSX.Raw, { html }));
}

export function load(app) {
  app.renderer.defineRouter('guides', GuideRouter);
  app.renderer.hooks.on('head.end', openHeadings);
  app.on(Application.EVENT_BOOTSTRAP_END, () => {
    app.options.setValue('projectDocuments', Object.values(GUIDES).flat());
    app.options.setValue('categoryOrder', [
      ...Object.keys(GUIDES),
      REFERENCE,
      ...Object.keys(EXPORTS),
    ]);
  });
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, guide) => nameGuide(guide));
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    // The page's own title says the same.
    project.readme[0].text = project.readme[0].text.replace(/^# .*\n/, '');
    for (const entry of project.children) {
      addHeading(entry, REFERENCE);
      for (const exported of entry.children) addHeading(exported, headingOf(fileOf(exported)));
    }
  });
}
