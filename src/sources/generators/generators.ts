import { agrawal } from './agrawal.ts';
import { driftingClusters } from './drifting-clusters.ts';
import { friedman } from './friedman.ts';
import { hyperplane } from './hyperplane.ts';
import { led } from './led.ts';
import { randomRbf } from './random-rbf.ts';
import { randomTree } from './random-tree.ts';
import { sea } from './sea.ts';
import { sine } from './sine.ts';
import { stagger } from './stagger.ts';
import { waveform } from './waveform.ts';

/** Every generator of streams, by name: `generators.sea({ seed: 7 })` is an endless stream of rows. */
export const generators = {
  agrawal,
  driftingClusters,
  friedman,
  hyperplane,
  led,
  randomRbf,
  randomTree,
  sea,
  sine,
  stagger,
  waveform,
};
