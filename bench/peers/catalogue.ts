/** All models that are compared: what they are called, what runs them, on how many threads. */

/** One model. */
export interface Peer {
  /** What `--only` calls it. */
  id: string;
  /** What the table calls it. */
  title: string;
  runtime: 'node' | 'python';
  /** Its name in the program of its runtime. */
  model: string;
  /** All that the machine has, instead of one. */
  allThreads?: boolean;
  /** Is the same network as {@link OURS} and must predict what that predicts. */
  sameNetwork?: boolean;
}

/** The model that all others are compared with. */
export const OURS = 'gln';

export const PEERS: readonly Peer[] = [
  { id: OURS, title: 'GLN', runtime: 'node', model: 'gln', sameNetwork: true },
  {
    id: 'gln-threads',
    title: 'GLN',
    runtime: 'node',
    model: 'gln',
    allThreads: true,
    sameNetwork: true,
  },
  { id: 'gln-row', title: 'GLN', runtime: 'node', model: 'gln-by-row', sameNetwork: true },
  { id: 'gln-preset', title: 'GLN, preset', runtime: 'node', model: 'gln-preset' },
  {
    id: 'numpy',
    title: 'the same GLN in NumPy',
    runtime: 'python',
    model: 'gln-numpy',
    sameNetwork: true,
  },
  {
    id: 'torch',
    title: 'the same GLN in PyTorch',
    runtime: 'python',
    model: 'gln-torch',
    sameNetwork: true,
  },
  { id: 'sgd', title: 'SGDClassifier', runtime: 'python', model: 'sgd' },
  { id: 'sgd-row', title: 'SGDClassifier', runtime: 'python', model: 'sgd-by-row' },
  {
    id: 'trees',
    title: 'HistGradientBoosting',
    runtime: 'python',
    model: 'boosted-trees',
    allThreads: true,
  },
  { id: 'tensorflow', title: 'MLP, TensorFlow.js', runtime: 'node', model: 'tensorflow' },
  {
    id: 'tensorflow-row',
    title: 'MLP, TensorFlow.js',
    runtime: 'node',
    model: 'tensorflow-by-row',
  },
  { id: 'brain', title: 'MLP, brain.js', runtime: 'node', model: 'brain' },
];
