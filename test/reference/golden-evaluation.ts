/** Test-then-train figures that other programs gave, row by row: predict, take in, learn. */

/**
 * River's published table for ChickWeights (578 rows), recomputed to all digits: standard scaler, linear regression by SGD at rate
 * 0.01 for weights and intercept, squared loss; and the mean of the labels so far, 0 before the first.
 */
export const CHICK_WEIGHTS_EVALUATION = {
  learner: { mae: 23.758656678867773, rmse: 37.037671263010346, r2: 0.7279537206511317 },
  maeOfFirst11: 30.432219699626987,
  mean: { mae: 50.250899455914535, rmse: 71.114387433041, r2: -0.002929468639103261 },
};

/** Recomputed in Python from the rules: SEA with mulberry32 seed 42, standard scaler, logistic regression by SGD at rate 0.01. */
export const SEA_EVALUATION = [
  {
    what: 'θ = 8',
    rows: 5000,
    options: { thetas: [8], noise: 0 },
    accuracy: 0.9838,
    logLoss: 0.22898447039831682,
    weights: [2.5506501863840922, 2.4725598210593964, 0.058465472867855625],
    intercept: 1.8840084204116434,
  },
  {
    what: 'θ = 8 with one label in ten flipped',
    rows: 5000,
    options: { thetas: [8], noise: 0.1 },
    accuracy: 0.8776,
    logLoss: 0.44388336501849673,
  },
  {
    what: 'θ = 8, 9, 7, 9.5',
    rows: 8000,
    options: { thetas: [8, 9, 7, 9.5], blockRows: 2000, noise: 0 },
    accuracy: 0.951875,
    logLoss: 0.21730732505410322,
  },
];
