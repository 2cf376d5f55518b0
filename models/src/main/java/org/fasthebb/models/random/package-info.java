/**
 * Random numbers that are functions of a seed: {@link org.fasthebb.models.random.Rng} draws them,
 * {@link org.fasthebb.models.random.RandomStream} tells what for.
 */
package org.fasthebb.models.random;
