/**
 * Read-outs in closed form: they learn the labels of a few images from features that do not change,
 * without a learning rate or epochs.
 *
 * <ul>
 *   <li>{@link org.fasthebb.models.readout.FeatureForm} is how features are made from the maps of a
 *       network, and {@link org.fasthebb.models.readout.ReadOutData} what a read-out may look at:
 *       never test images.
 *   <li>{@link org.fasthebb.models.readout.Ridge} is ridge regression, solved by {@code
 *       RidgeSystem} or, where it has many equations, by {@code IterativeRidge}, with {@code
 *       SelfTraining} on images without labels.
 *   <li>{@link org.fasthebb.models.readout.ClassMeans} and {@link
 *       org.fasthebb.models.readout.NearestNeighbours} are cheaper.
 * </ul>
 *
 * <p>Results have the same bits for any number of threads.
 */
package org.fasthebb.models.readout;
