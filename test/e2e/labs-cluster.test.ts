// The lessons that run the cluster.
import { OF_THE_CLUSTER, testLessons } from './support/lessons.ts';

testLessons((lesson) => OF_THE_CLUSTER.includes(lesson));
