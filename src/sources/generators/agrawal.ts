import type { Random } from '../../host/random.ts';
import { checkRange, nextInt, rowGenerator } from './row-generator.ts';

interface Applicant {
  readonly salary: number;
  readonly commission: number;
  readonly age: number;
  readonly educationLevel: number;
  readonly houseValue: number;
  readonly houseYears: number;
  readonly loan: number;
}

const within = (value: number, low: number, high: number) => low <= value && value <= high;

/** One of three values, by age: under 40, 40 to 59, from 60. */
function byAge<T>({ age }: Applicant, young: T, middle: T, old: T): T {
  return age < 40 ? young : age < 60 ? middle : old;
}

function incomeFits(applicant: Applicant, income: number): boolean {
  const [low, high] = byAge(applicant, [50_000, 100_000], [75_000, 125_000], [25_000, 75_000]) as [number, number];
  return within(income, low, high);
}

function educationFits(applicant: Applicant): boolean {
  const lowest = byAge(applicant, 0, 1, 2);
  return within(applicant.educationLevel, lowest, byAge(applicant, 1, 3, 4));
}

function salaryFitsEducation(applicant: Applicant): boolean {
  const low = educationFits(applicant)
    ? byAge(applicant, 25_000, 50_000, 50_000)
    : byAge(applicant, 50_000, 75_000, 25_000);
  return within(applicant.salary, low, low + 50_000);
}

function loanFitsSalary(applicant: Applicant): boolean {
  const low = incomeFits(applicant, applicant.salary)
    ? byAge(applicant, 100_000, 200_000, 300_000)
    : byAge(applicant, 200_000, 300_000, 100_000);
  return within(applicant.loan, low, low + 200_000);
}

const disposable = ({ salary, commission }: Applicant) => (2 * (salary + commission)) / 3;
const equity = ({ houseValue, houseYears }: Applicant) => (houseYears < 20 ? 0 : (houseValue * (houseYears - 20)) / 10);

/** Whether an applicant is in group A, by variant. */
const GROUP_A: readonly ((applicant: Applicant) => boolean)[] = [
  ({ age }) => age < 40 || age >= 60,
  (applicant) => incomeFits(applicant, applicant.salary),
  educationFits,
  salaryFitsEducation,
  loanFitsSalary,
  (applicant) => incomeFits(applicant, applicant.salary + applicant.commission),
  (applicant) => disposable(applicant) - applicant.loan / 5 - 20_000 > 0,
  (applicant) => disposable(applicant) - 5000 * applicant.educationLevel - 20_000 > 0,
  (applicant) => disposable(applicant) - 5000 * applicant.educationLevel - applicant.loan / 5 - 10_000 > 0,
  (applicant) => disposable(applicant) - 5000 * applicant.educationLevel + equity(applicant) / 5 - 10_000 > 0,
];

/**
 * Loan applicants, and ten rules of who is in group A: label 1 where the rule holds. Features: salary, commission, age,
 * education level 0 … 4, car 0 … 19, zip code 0 … 8, house value, years of the house, loan.
 *
 * - `variant`: 0 … 9, the rule. Default 0. For drift, join two with `conceptDriftStream`.
 *
 * Source: Agrawal, Imielinski and Swami, Database mining: a performance perspective, 1993, ranges as in MOA.
 */
export const agrawal = rowGenerator('agrawal', { seed: 1, variant: 0 }, function* ({ variant }, random) {
  checkRange('agrawal', 'variant', GROUP_A[variant] !== undefined, 'a whole number from 0 to 9', variant);
  const isInGroupA = GROUP_A[variant]!;
  for (;;) {
    const { car, zipCode, ...applicant } = nextApplicant(random);
    const { salary, commission, age, educationLevel, houseValue, houseYears, loan } = applicant;
    const features = [salary, commission, age, educationLevel, car, zipCode, houseValue, houseYears, loan];
    yield { features, label: isInGroupA(applicant) ? 1 : 0 };
  }
});

function nextApplicant(random: Random): Applicant & { readonly car: number; readonly zipCode: number } {
  const salary = 20_000 + 130_000 * random.next();
  const commission = salary >= 75_000 ? 0 : 10_000 + 65_000 * random.next();
  const age = 20 + nextInt(random, 61);
  const educationLevel = nextInt(random, 5);
  const car = nextInt(random, 20);
  const zipCode = nextInt(random, 9);
  const houseValue = (9 - zipCode) * 100_000 * (0.5 + random.next());
  const houseYears = 1 + nextInt(random, 30);
  const loan = 500_000 * random.next();
  return { salary, commission, age, educationLevel, car, zipCode, houseValue, houseYears, loan };
}
