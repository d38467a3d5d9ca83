/**
 * What scikit-learn 1.9.1 fits on ChickWeights, the flights of `datasets/`, and Fisher's iris (`iris.csv`, from
 * `sklearn.datasets.load_iris`).
 */

/** LinearRegression: weight of chicks by time and diets 2, 3, 4; the intercept last. */
export const CHICK_LINE = [
  8.750491742239028, 16.166074045420288, 36.49940737875364, 30.23345617869358, 10.92439110180365,
];

/** ElasticNet(alpha=5/σ_y, l1_ratio=0.5) of features and labels standardised by population deviations, brought back; the intercept last. */
export const CHICK_ELASTIC_NET = [
  8.121154900256235, 2.8654831424997154, 22.646974908507087, 16.39913945072481, 26.131231784785967,
];

/** HuberRegressor(epsilon=1.35, alpha=0): coefficients, intercept, scale. */
export const CHICK_HUBER = [
  8.294325865991299, 9.330995439090369, 20.6959307705592, 22.153332075717735, 19.69528648504823, 13.745266101925433,
];

/** LinearRegression: delay by distance and hour, the first 20,000 rows; the intercept last. */
export const FLIGHTS_DELAY = [-0.002200656079779437, 0.4613748491805228, -0.00490015978332714];

/** LogisticRegression, delay above 15 by distance and hour, C = 1 / (0.001 · n) on features divided by their sample deviation, brought back. */
export const FLIGHTS_LATE = {
  coef: [0.0001092962985178576, 0.0548830616571058],
  intercept: -2.2763095439086367,
  late: 3644,
};

/** LogisticRegression, Iris virginica or not, C = 1 / (0.05 · n), features likewise. */
export const IRIS_VIRGINICA = {
  coef: [0.5201975731258359, -0.08652143268319988, 0.54699812252828, 1.691009742049563],
  intercept: -8.53115856132724,
};

/** LogisticRegression of three classes, C = 1 / (0.01 · n), features likewise; intercepts less their mean. */
export const IRIS_SOFTMAX = {
  coef: [
    [-1.18091279312506, 2.3897177527875146, -0.9605071747451068, -2.083318310002418],
    [0.5934862006955038, -0.8619881258659706, -0.13693590007545284, -0.9359070429264836],
    [0.5874265924295448, -1.5277296269215312, 1.0974430748205575, 3.0192253529289017],
  ],
  intercept: [5.466099868466653, 2.591341495988839, -8.057441364455492],
};

/** GaussianNB: joint log-likelihoods of rows 0, 70 and 120, and how many rows it gets wrong. */
export const IRIS_BAYES = {
  log0: [
    [1.0626579418450113, -40.077976575228256, -56.84265356112999],
    [-301.61943547569433, -5.103224387761915, -3.403445033972983],
    [-511.28885612022185, -20.443446551778315, -2.180768187371818],
  ],
  errors: 6,
};

/** KMeans, best of 20 starts: inertia, and centres in ascending order. */
export const IRIS_K_MEANS = {
  cost: 78.851441426146,
  centers: [
    [5.006, 3.428, 1.4620000000000002, 0.24600000000000055],
    [5.901612903225806, 2.7483870967741937, 4.393548387096774, 1.4338709677419355],
    [6.85, 3.0736842105263156, 5.742105263157894, 2.0710526315789473],
  ],
};
