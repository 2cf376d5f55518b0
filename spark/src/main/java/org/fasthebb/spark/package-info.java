/**
 * Hebbian features for Apache Spark: an {@link org.fasthebb.spark.HebbianFeatures estimator} that
 * pre-trains a network on the executors of a cluster, with the bits that one machine would get, and
 * a {@link org.fasthebb.spark.HebbianFeaturesModel transformer} that computes features of images.
 */
package org.fasthebb.spark;
