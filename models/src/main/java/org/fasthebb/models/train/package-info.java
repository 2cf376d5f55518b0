/**
 * Protocols: pre-training without labels, supervised fine-tuning with few.
 *
 * <p>{@link org.fasthebb.models.learn.TrainingLoop} runs epochs, keeps the best one by validation
 * accuracy, and resumes after a kill. What it trains is a {@link
 * org.fasthebb.models.learn.Learner}: {@link org.fasthebb.models.learn.HebbianLearner}, {@link
 * org.fasthebb.models.learn.AutoencoderLearner} or {@link
 * org.fasthebb.models.learn.BackpropLearner}. {@link org.fasthebb.models.inputs.Preprocessing}
 * makes the batches; {@link org.fasthebb.models.protocol.Experiment} puts the whole protocol
 * together.
 *
 * <p>{@link org.fasthebb.models.protocol.SoftHebbExperiment} is SoftHebb's protocol in the same
 * loop: {@link org.fasthebb.models.learn.SoftHebbLearner}, then {@link
 * org.fasthebb.models.learn.ReadOutLearner} on features that were computed once.
 */
package org.fasthebb.models.train;
