/**
 * Numbers from outside, each with the program or page it came from. Nothing here was printed by this project.
 *
 * "Spark suite" is an assertion in Apache Spark's own tests. "Recomputed" is a number that an independent program gave which
 * satisfies every assertion of those tests; Spark itself does not print it.
 */

/** Recomputed from Spark 4.0 `XORShiftRandom(42)`; Spark 3 and later hash the seed so. */
export const XOR_SHIFT_42 = {
  nextInt: [444206279, 1508163723, -1911958253],
  nextDouble: [0.619189370225301, 0.5096018842446481, 0.8325259388871524],
  nextGaussian: [
    2.384479054241165, 0.1920934041293524, 0.7337336533286575, -0.5224480195716871, 2.060084179317831,
    0.20963383826633825,
  ],
};

/** Mulberry32 with seed 12345, checked in Node and in Python. */
export const MULBERRY_12345 = [
  0.9797282677609473, 0.3067522644996643, 0.484205421525985, 0.817934412509203, 0.5094283693470061,
];

/** exp(ln 0.5 / half-life), from Spark's definition of the half-life. */
export const HALF_LIFE = [
  { halfLife: 5, timeUnit: 'batches', decayFactor: 0.8705505632961241 },
  { halfLife: 2, timeUnit: 'batches', decayFactor: Math.SQRT1_2 },
  { halfLife: 0.5, timeUnit: 'points', decayFactor: 0.25 },
] as const;

/** Spark's `StreamingKMeansSuite`, "accuracy for single center and equivalence to grand average"; values recomputed. */
export const SINGLE_CENTER = {
  data: { numPoints: 50, numBatches: 10, k: 1, d: 5, r: 0.1, seed: 42 },
  trueCenter: [2.384479054241165, 0.1920934041293524, 0.7337336533286575, -0.5224480195716871, 2.060084179317831],
  center: [2.383326971074161, 0.1921142829456755, 0.738257728611938, -0.5269802801959048, 2.0581855057527303],
  weight: 500,
};

/** Apache Flink ML, the test of its online k-means: one batch from given centres, decay 0.5. */
export const FLINK_UPDATE = {
  centers: [
    [-10.2, 0.2],
    [10.1, 0.1],
  ],
  weights: [3, 3],
  decayFactor: 0.5,
  batch: [
    [10, 100],
    [10, 100.3],
    [10.3, 100],
    [-10, -100],
    [-10, -100.6],
    [-10.6, -100],
  ],
  centersAfter: [-10.2, -66.73333333333333, 10.1, 66.76666666666667],
  weightsAfter: [4.5, 4.5],
};

/** One batch of linear regression from zero weights: Spark's rule recomputed; step 0.1, tolerance 0. */
export const ONE_LINEAR_BATCH = {
  features: [
    [1, 0],
    [0, 1],
    [1, 1],
    [2, 1],
  ],
  labels: [1, 2, 3, 4],
  stepSize: 0.1,
  weightsAfter: [
    { numIterations: 1, weights: [0.3, 0.225] },
    { numIterations: 2, weights: [0.4683798022700466, 0.3562566962577529] },
    { numIterations: 3, weights: [0.5855956348270186, 0.4504526989947726] },
  ],
};

/** Spark's `LinearDataGenerator` with weights [10, 10] and seed 42: the first two points, recomputed. */
export const FIRST_LINEAR_POINTS = [
  { label: 8.12075637216518, features: [0.4551273600657362, 0.36644694351969087] },
  { label: 11.267725300695105, features: [0.33109790358914726, 0.8067445293443565] },
];

/** Spark's `StreamingLinearRegressionSuite`, values recomputed, printed with four digits. Step 0.2, 25 iterations. */
export const LINEAR_SUITE = {
  /** "parameter convergence": distance of the weight from 10 after each batch, and the updates that each batch made. */
  distance: [6.1177, 3.4171, 1.9491, 0.97, 0.5631, 0.4152, 0.3224, 0.2687, 0.2309, 0.2066],
  updates: [25, 25, 25, 25, 20, 9, 6, 4, 3, 2],
  /** "predictions": mean absolute error of each batch with the weights [10, 10]. */
  errors: [0.085, 0.0879, 0.0875, 0.0762, 0.086, 0.0839, 0.0718, 0.0789, 0.0852, 0.0818],
  /** "training and prediction": mean absolute error of the first and of the last batch. */
  firstError: 3.7238,
  lastError: 0.1541,
};

/** PySpark's `StreamingLinearRegressionWithTests`, values recomputed. Step 0.2, 25 iterations. */
export const PYSPARK_LINEAR = {
  /** `test_parameter_accuracy`, trained batch after batch. */
  accuracyWeights: [9.843239581560479, 9.77167881934927],
  /** `test_parameter_convergence`: the weight after each batch. */
  weights: [3.8823, 6.4986, 8.0292, 8.9737, 9.314, 9.5633, 9.6552, 9.7139, 9.7663, 9.8026],
  /** `test_prediction`: mean absolute error of the first and of the last batch. */
  firstError: 0.085,
  lastError: 0.0741,
  /** `test_train_prediction`, strictly trained before predicted: mean of |y| − |ŷ| of the first batches, and of the last. */
  firstShortfalls: [2.76, 1.712, 0.986],
  lastShortfall: 0.068,
};

/** One batch of logistic regression from zero weights: Spark's rule recomputed; step 0.1, tolerance 0. */
export const ONE_LOGISTIC_BATCH = {
  features: ONE_LINEAR_BATCH.features,
  labels: [0, 1, 1, 1],
  stepSize: 0.1,
  weightsAfter: [
    { numIterations: 1, regParam: 0, weights: [0.025, 0.0375] },
    { numIterations: 2, regParam: 0, weights: [0.04151816116560048, 0.06318821936527923] },
    { numIterations: 3, regParam: 0, weights: [0.054371233422616294, 0.08370673343653072] },
    { numIterations: 2, regParam: 0.1, weights: [0.041341384470303846, 0.06292305432233426] },
    { numIterations: 3, regParam: 0.1, weights: [0.05396244165465272, 0.08308304899297127] },
  ],
};

/**
 * PySpark 3.5's `StreamingLogisticRegressionWithSGDTests`: weights after the first batches, to four places, and after the last, by Spark's
 * rule on its data; and what NumPy gives for its first seed.
 */
export const PYSPARK_LOGISTIC = {
  firstWeights: [0.2999, 0.579, 0.8046, 0.9189, 1.0637],
  lastWeight: 1.5223596349493487,
  /** `test_predictions`: the error rate of the first five of ten batches with the weight 1.5, and the largest of all. */
  firstErrorRates: [0.33, 0.29, 0.22, 0.3, 0.25],
  largestErrorRate: 0.38,
  normalOfSeed42: [0.4967141530112327, -0.13826430117118466, 0.6476885381006925],
};

/** Spark's `StreamingLogisticRegressionSuite`, values recomputed. Step 0.2, 25 iterations. */
export const LOGISTIC_SUITE = {
  /** "parameter accuracy": the weight after the first, the tenth and the last of 20 batches. */
  afterFirst: 0.45722882806093895,
  afterTenth: 1.4554075459675264,
  afterLast: 1.5804044771597099,
  /** "predictions": the error rate of each batch with the weight 1.5. */
  errorRates: [0.22, 0.3, 0.24, 0.23, 0.25, 0.28, 0.37, 0.15, 0.27, 0.2],
};

/** Five rows that the row-by-row references share: a constant, two features; labels of classes, and values. */
export const FIVE_ROWS = {
  features: [
    [1, 0.5, -1],
    [1, -0.25, 2],
    [1, 1.5, 0.75],
    [1, -2, 0.1],
    [1, 0.3, -0.6],
  ],
  classes: [1, 0, 1, 0, 1],
  values: [1, -2, 0.5, 3, 0],
};

/** Apache Flink ML, the test of its online logistic regression (FTRL): one step a batch, with the mean gradient. */
export const FLINK_FTRL = {
  options: { alpha: 0.1, beta: 0.1, l1: 0.1, l2: 0.1 },
  start: [0.41233679404769874, -0.18088118293232122],
  batches: [
    {
      zeros: [
        [0.1, 2],
        [0.2, 2],
        [0.3, 2],
        [0.4, 2],
        [0.5, 2],
      ],
      ones: [
        [11, 12],
        [12, 11],
        [13, 12],
        [14, 12],
        [15, 12],
      ],
      weights: [0.2994527071464283, -0.1412541067743284],
      zeroAt: [
        { x: [15.5, 11.2], probability: 0.04481034155642882 },
        { x: [0.8, 2.7], probability: 0.5353966697318491 },
      ],
    },
    {
      zeros: [
        [0.2, 3],
        [0.8, 1],
        [0.7, 1],
        [0.6, 2],
        [0.2, 2],
      ],
      ones: [
        [14, 17],
        [15, 10],
        [16, 16],
        [17, 10],
        [18, 13],
      ],
      weights: [0.3677311612499196, -0.12305454649841871],
      zeroAt: [
        { x: [15.5, 11.2], probability: 0.013104324065967066 },
        { x: [0.8, 2.7], probability: 0.5095144380001768 },
      ],
    },
  ],
};

/** FTRL-proximal on `FIVE_ROWS`, row by row; recomputed from McMahan et al., 2013. */
export const FTRL_ROWS = {
  options: { alpha: 0.1, beta: 1, l1: 0.05, l2: 0.1 },
  predictions: [0.5, 0.49155840758857444, 0.4954857851081045, 0.47201916088598805, 0.518415956476206],
  weights: [0.02720046463828363, 0.11539353306365661, -0.07417026854098914],
  z: [-0.6228012722420458, -2.6578412862480576, 1.6908347541951527],
  n: [1.2008895403192406, 1.5623861287293608, 1.4454147504963593],
};

/** Passive-aggressive learners on `FIVE_ROWS` without an intercept, C = 0.5; recomputed from Crammer et al., 2006. */
export const PASSIVE_AGGRESSIVE = {
  aggressiveness: 0.5,
  /** On all three columns, to tell the classes. */
  classifier: [
    { variant: 'PA', weights: [0.48121348325688096, 0.7126684400323292, -0.5083099745557005] },
    { variant: 'PA-I', weights: [0.48121348325688096, 0.7126684400323292, -0.5083099745557005] },
    { variant: 'PA-II', weights: [0.4296460500773881, 0.6392188194525487, -0.45138336138167057] },
  ],
  /** On the last two columns, to predict the values, ε = 0.1. */
  regressor: [
    { variant: 'PA', weights: [-1.4830736492103078, -0.6614729842061512] },
    { variant: 'PA-I', weights: [-0.4999999999999999, -0.4166666666666667] },
    { variant: 'PA-II', weights: [-1.0842320216882568, -0.6109614408099404] },
  ],
} as const;

/** Recursive least squares on `FIVE_ROWS`, to predict the values; recomputed from its formulas. */
export const LEAST_SQUARES = {
  options: { forgettingFactor: 0.95, initialUncertainty: 100 },
  weights: [0.7308282916564492, -0.6978874629120823, -0.8846224666792672],
  diagonal: [0.23212738428783478, 0.16185294719140036, 0.20533221423281975],
};

/**
 * Scaler and linear regression, row by row, on ChickWeights: the table of River's benchmarks, recomputed. Step 0.01, the
 * gradient 2(p − y)·x, each row tested with the scaler as it was before the row, and learned as it is after it.
 */
export const CHICK_WEIGHTS = [
  {
    regParam: 0,
    meanAbsoluteError: 23.758656678867773,
    rootMeanSquaredError: 37.037671263010346,
    r2: 0.7279537206511317,
    firstEleven: 30.432219699626987,
  },
  {
    regParam: 1,
    meanAbsoluteError: 25.273804659923904,
    rootMeanSquaredError: 38.58852748240754,
    r2: 0.7046942807227954,
    firstEleven: undefined,
  },
];

/** Scaler and logistic regression, row by row, on SEA with thresholds in turn; recomputed. Step 0.01, Mulberry32 of 42. */
export const SEA_LOGISTIC = {
  still: {
    accuracy: 0.9838,
    logLoss: 0.22898447039831682,
    weights: [2.5506501863840922, 2.4725598210593964, 0.058465472867855625],
    intercept: 1.8840084204116434,
  },
  noisy: { accuracy: 0.8776, logLoss: 0.44388336501849673 },
  drifting: { accuracy: 0.951875, logLoss: 0.21730732505410322 },
};

/** Accuracy of Gaussian naive Bayes on the SEA rows that stand still, the first row counted as wrong; recomputed. */
export const SEA_BAYES_ACCURACY = 0.9418;

/** Wikipedia, Naive Bayes classifier, "Person classification": height in feet, weight in pounds, foot in inches. */
export const PERSONS = {
  male: [
    [6, 180, 12],
    [5.92, 190, 11],
    [5.58, 170, 12],
    [5.92, 165, 10],
  ],
  female: [
    [5, 100, 6],
    [5.5, 150, 8],
    [5.42, 130, 7],
    [5.75, 150, 9],
  ],
  sample: [6, 130, 8],
  /** Prior times densities, as printed. */
  maleNumerator: 6.1984e-9,
  femaleNumerator: 5.3778e-4,
};

/** Manning, Raghavan and Schütze, Introduction to Information Retrieval, example 13.1: words of five documents. */
export const DOCUMENTS = {
  vocabulary: ['Chinese', 'Beijing', 'Shanghai', 'Macao', 'Tokyo', 'Japan'],
  china: [
    ['Chinese', 'Beijing', 'Chinese'],
    ['Chinese', 'Chinese', 'Shanghai'],
    ['Chinese', 'Macao'],
  ],
  notChina: [['Tokyo', 'Japan', 'Chinese']],
  sample: ['Chinese', 'Chinese', 'Chinese', 'Tokyo', 'Japan'],
  chinaNumerator: (3 / 4) * (3 / 7) ** 3 * (1 / 14) * (1 / 14),
  notChinaNumerator: (1 / 4) * (2 / 9) ** 3 * (2 / 9) * (2 / 9),
};

/** MurmurHash3 with seed 42 of UTF-8 bytes, and its index among 100; recomputed, and a to d as in Spark's `HashingTFSuite`. */
export const TERM_HASHES = [
  { term: '', hash: 142593372, of100: 72, ofDefault: 249180 },
  { term: 'a', hash: -1293573533, of100: 67, ofDefault: 107107 },
  { term: 'b', hash: 861554165, of100: 65, ofDefault: 148981 },
  { term: 'c', hash: 1701913768, of100: 68, ofDefault: 74920 },
  { term: 'd', hash: -539927110, of100: 90, ofDefault: 89530 },
  { term: 'spark', hash: -226056714, of100: 86, ofDefault: 173558 },
  { term: 'hello', hash: -488910111, of100: 89, ofDefault: 250593 },
  { term: 'test', hash: -335093414, of100: 86, ofDefault: 188762 },
  { term: 'é', hash: 1023967903, of100: 3, ofDefault: 33439 },
  { term: '日本', hash: 685738085, of100: 85, ofDefault: 231525 },
];

/** PySpark's doctest of `HashingTF`: the indices of a, b and c. */
export const HASHED_ABC = [
  { numFeatures: 10, indices: [5, 7, 8] },
  { numFeatures: 5, indices: [0, 2, 3] },
];

/** River's documentation of `stats.EWMean` and `stats.EWVar`; recomputed by the recursion of Finch, 2009. */
export const RIVER_MOMENTS = {
  alpha: 0.5,
  values: [1, 3, 5, 4, 6, 8, 7, 9, 11],
  means: [1, 2, 3.5, 3.75, 4.875, 6.4375, 6.71875, 7.859375, 9.4296875],
  variances: [0, 1, 2.75, 1.4375, 1.984375, 3.43359375, 1.7958984375, 2.198974609375, 3.56536865234375],
};

/** The data of Jain and Chlamtac, 1985; their median is printed as 4.44. Recomputed from the paper's rule. */
export const JAIN_CHLAMTAC = {
  values: [
    0.02, 0.15, 0.74, 3.39, 0.83, 22.37, 10.15, 15.43, 38.62, 15.92, 34.6, 10.28, 1.47, 0.4, 0.05, 11.39, 0.27, 0.42,
    0.09, 11.37,
  ],
  quantiles: [
    { p: 0.5, quantile: 4.440634353260338 },
    { p: 0.9, quantile: 27.786951867569726 },
    { p: 0.25, quantile: 0.26633646164021163 },
  ],
  medianMarkers: [0.02, 0.4938954475308638, 4.440634353260338, 17.203904274140214, 38.62],
};

/** River's documentation of `stats.Quantile`: 500 normal numbers of NumPy's `RandomState(42 * 1337)`, printed to four places. */
export const RIVER_QUANTILES = {
  seed: 42 * 1337,
  count: 500,
  quantiles: [
    { p: 0.5, quantile: -0.0275 },
    { p: 0.17, quantile: -0.8652 },
  ],
};
