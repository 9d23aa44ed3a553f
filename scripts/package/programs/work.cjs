// What every program here does with the package, however it was loaded: learns
// some rows, saves, and prints what came out and where the binary came from.
module.exports = ({ GLN, GlnError, buildInfo }) => {
  const model = new GLN({ inputSize: 12, layerSizes: [8, 4], numClasses: 3, seed: 1 });
  const rows = Float32Array.from({ length: 600 }, (_, i) => ((i * 37) % 101) / 101);
  const labels = Uint8Array.from({ length: 50 }, (_, i) => i % 3);
  model.learn(rows, labels);
  const copy = GLN.fromBuffer(model.toBuffer());
  const classes = copy.predict(rows);
  if (classes.length !== 50) throw new Error(`expected 50 classes, got ${classes.length}`);
  let code;
  try {
    model.learn(rows.subarray(1), labels);
  } catch (error) {
    code = error instanceof GlnError && error.code;
  }
  if (code !== 'ERR_GLN_SHAPE') throw new Error(`expected ERR_GLN_SHAPE, got ${code}`);
  let sum = 0;
  for (const { weights } of model.parameters()) for (const weight of weights) sum += weight;
  const { isa, compiler } = buildInfo();
  console.log(JSON.stringify({ sum, classes: Array.from(classes).join(''), isa, compiler }));
};
