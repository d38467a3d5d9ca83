import { describe, expect, it } from 'vitest';
import {
  CrossValidator,
  type CrossValidatorModel,
  describedPipeline,
  LinearRegression,
  ParamGridBuilder,
  Pipeline,
  RegressionEvaluator,
  type Stage,
  StandardScaler,
  TrainValidationSplit,
  VectorAssembler,
} from '../../src/pipelines/index.ts';
import { irisTable } from '../reference/tables.ts';

const assembler = { class: 'VectorAssembler', params: { inputCols: ['x'], outputCol: 'raw' } };
const described = (json: unknown) => describedPipeline(JSON.stringify(json), 'it.json');

describe('a described pipeline', () => {
  it('has the stages of the text, in their order, with their parameters', () => {
    const scaler = { class: 'StandardScaler', uid: 'scaler', params: { inputCol: 'raw', outputCol: 'features' } };
    const { pipeline, evaluators } = described({
      stages: [
        { class: 'Pipeline', stages: [assembler, scaler] },
        { class: 'LinearRegression', params: { regParam: 1, solver: 'normal' } },
      ],
      evaluators: [{ class: 'RegressionEvaluator', params: { metricName: 'mae' } }],
    });
    const [inner, regression] = pipeline.stages as [Pipeline, LinearRegression];
    expect(inner.stages.map(({ stageClass }) => stageClass)).toEqual([VectorAssembler, StandardScaler]);
    expect(inner.stages[1]).toMatchObject({ uid: 'scaler', set: scaler.params });
    expect(regression).toBeInstanceOf(LinearRegression);
    expect(regression.get('regParam')).toBe(1);
    expect(evaluators).toEqual([expect.any(RegressionEvaluator)]);
    expect(evaluators[0]!.find('metricName')).toBe('mae');
  });

  it('is named after classes and places, the same each time, and no two stages alike', () => {
    const nested = { class: 'Pipeline', stages: [assembler, assembler] };
    const uidsOf = (stage: Stage): string[] => [
      stage.uid,
      ...stage.savedStages().flatMap(([, inner]) => uidsOf(inner)),
    ];
    const { pipeline } = described({ stages: [assembler, nested, assembler] });
    expect(uidsOf(pipeline)).toEqual([
      'pipeline',
      'VectorAssembler_0',
      'Pipeline_1',
      'VectorAssembler_1_0',
      'VectorAssembler_1_1',
      'VectorAssembler_2',
    ]);
  });
});

describe('a described choice of settings', () => {
  const line = { class: 'LinearRegression', uid: 'line', params: { labelCol: 'virginica', solver: 'l-bfgs' } };
  const tuner = {
    class: 'CrossValidator',
    uid: 'choice',
    params: { numFolds: 3, seed: 5 },
    estimator: { class: 'Pipeline', stages: [line] },
    evaluator: { class: 'RegressionEvaluator', params: { labelCol: 'virginica' } },
    grid: { line: { regParam: [1, 0.001], fitIntercept: [true, false] } },
  };

  it('is what a program says', async () => {
    const { pipeline } = described({ stages: [tuner] });
    const regression = new LinearRegression({ labelCol: 'virginica', solver: 'l-bfgs' }, 'line');
    const same = new CrossValidator({
      estimator: new Pipeline({ stages: [regression] }),
      evaluator: new RegressionEvaluator({ labelCol: 'virginica' }),
      estimatorParamMaps: new ParamGridBuilder()
        .addGrid(regression, 'regParam', [1, 0.001])
        .addGrid(regression, 'fitIntercept', [true, false])
        .build(),
      numFolds: 3,
      seed: 5,
    });
    const [chosen] = (await pipeline.fit(irisTable())).stages as [CrossValidatorModel];
    const model = await same.fit(irisTable());
    expect(chosen.uid).toBe('choice');
    expect(chosen.avgMetrics).toEqual(model.avgMetrics);
    expect(new Set(chosen.avgMetrics).size).toBe(4);
    expect((await chosen.transform(irisTable())).toRows()).toEqual((await model.transform(irisTable())).toRows());
  });

  it('may be a split', () => {
    const split = { ...tuner, class: 'TrainValidationSplit', params: { trainRatio: 0.6 } };
    const [stage] = described({ stages: [split] }).pipeline.stages;
    expect(stage).toBeInstanceOf(TrainValidationSplit);
    expect((stage as TrainValidationSplit).get('trainRatio')).toBe(0.6);
    expect((stage as TrainValidationSplit).tuned.estimatorParamMaps).toHaveLength(4);
  });

  it.each<[object, string]>([
    [{ estimator: assembler }, 'estimator: expected an estimator, got "VectorAssembler"'],
    [{ estimator: undefined }, 'estimator: expected an object, got undefined'],
    [{ evaluator: line }, 'evaluator: expected an evaluator, got "LinearRegression"'],
    [{ grid: { other: {} } }, `grid: expected uids of the estimator's stages, Pipeline_0_0, line, got "other"`],
    [{ grid: { line: { regParam: 1 } } }, 'grid: line: regParam: expected a list, got 1'],
    [{ grid: { line: { regParam: [1, -1] } } }, 'grid: line parameter regParam given invalid value -1'],
    [{ grid: { line: { slope: [1] } } }, 'grid: line: no parameter slope; there are '],
    [{ grid: { line: { regParam: [] } } }, 'choice: estimatorParamMaps: expected at least one, got none'],
    [{ params: { numFolds: 1 } }, 'choice parameter numFolds given invalid value 1'],
    [{ stages: [] }, 'expected class, params, uid, estimator, evaluator, grid, got "stages"'],
  ])('is refused, and told where: %j', (change, message) => {
    expect(() => described({ stages: [{ ...tuner, ...change }] })).toThrow(`it.json: stages[0]: ${message}`);
  });
});

describe('a text that describes none is refused, and told where', () => {
  it.each<[unknown, string]>([
    [[], 'it.json: expected an object, got []'],
    [{}, 'it.json: stages: expected a list, got undefined'],
    [{ stage: [] }, 'it.json: expected stages, evaluators, uid, got "stage"'],
    [{ stages: ['Tokenizer'] }, 'it.json: stages[0]: expected an object, got "Tokenizer"'],
    [{ stages: [assembler, { params: {} }] }, 'it.json: stages[1]: expected the name of a class, got undefined'],
    [{ stages: [{ class: 'Tokeniser' }] }, `it.json: stages[0]: class "Tokeniser" can't be made from parameters alone`],
    [{ stages: [{ class: 'PCAModel' }] }, `it.json: stages[0]: class "PCAModel" can't be made from parameters alone`],
    [{ stages: [{ class: 'Tokenizer', param: {} }] }, 'it.json: stages[0]: expected class, params, uid, got "param"'],
    [{ stages: [{ class: 'Tokenizer', params: [] }] }, 'it.json: stages[0]: params: expected an object, got []'],
    [{ stages: [{ class: 'Tokenizer', stages: [] }] }, 'it.json: stages[0]: expected class, params, uid, got "stages"'],
    [
      { stages: [{ class: 'PCA', params: { k: 'two' } }] },
      'it.json: stages[0]: PCA_0 parameter k given invalid value "two"; expected a whole number',
    ],
    [
      { stages: [assembler, { class: 'Pipeline', stages: [{ class: 'PCA', params: { n: 2 } }] }] },
      'it.json: stages[1]: stages[0]: PCA_1_0: no parameter n; there are ',
    ],
    [
      { stages: [{ class: 'Pipeline', params: {}, stages: [] }] },
      'it.json: stages[0]: expected class, stages, uid, got "params"',
    ],
    [{ stages: [{ ...assembler, uid: '../x' }] }, 'it.json: stages[0]: uid: expected letters, digits'],
    [
      {
        stages: [
          { ...assembler, uid: 'a' },
          { ...assembler, uid: 'a' },
        ],
      },
      'it.json: pipeline: cannot have duplicate',
    ],
    [{ stages: [{ class: 'RegressionEvaluator' }] }, 'it.json: stages[0]: expected an estimator or a transformer'],
    [{ stages: [], evaluators: [assembler] }, 'it.json: evaluators[0]: expected an evaluator, got "VectorAssembler"'],
  ])('%j', (json, message) => {
    expect(() => described(json)).toThrow(
      expect.objectContaining({ code: 'bad-option', message: expect.stringContaining(message) }),
    );
  });

  it('that is no JSON, in one line', () => {
    expect(() => describedPipeline('{\n  "stages": [\n  }', 'it.json')).toThrow(/^it\.json: expected JSON \(.+\)$/);
  });
});
