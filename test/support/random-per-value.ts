export { RandomValues } from '../../runners/interfaces/per/mutate/random-values.ts';
