// The lessons on links, names, networks and ports.
import { OF_THE_CLUSTER, testLessons } from './support/lessons.ts';

testLessons((lesson) => !OF_THE_CLUSTER.includes(lesson));
