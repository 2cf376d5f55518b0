/**
 * Protocols: pre-training without labels, supervised fine-tuning with few.
 *
 * <p>{@link org.fasthebb.models.train.TrainingLoop} runs epochs, keeps the best one by validation
 * accuracy, and resumes after a kill. What it trains is a {@link
 * org.fasthebb.models.train.Trainee}: {@link org.fasthebb.models.train.HebbianTrainee}, {@link
 * org.fasthebb.models.train.VaeTrainee} or {@link org.fasthebb.models.train.BackpropTrainee}.
 * {@link org.fasthebb.models.train.Inputs} makes the batches; {@link
 * org.fasthebb.models.train.Experiment} puts the whole protocol together.
 *
 * <p>{@link org.fasthebb.models.train.SoftHebbExperiment} is SoftHebb's protocol in the same loop:
 * {@link org.fasthebb.models.train.SoftHebbTrainee}, then {@link
 * org.fasthebb.models.train.ReadOutTrainee} on features that were computed once.
 */
package org.fasthebb.models.train;
