import { profileSuite } from './suite.js';
import { plainWorld, renamedWorld } from './world.js';

profileSuite('the profile service', () => plainWorld());
profileSuite('the same model with every name replaced', () => renamedWorld());
