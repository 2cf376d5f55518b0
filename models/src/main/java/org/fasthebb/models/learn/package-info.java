/**
 * Training: learners, optimisers and the loop over epochs. Start with {@link
 * org.fasthebb.models.learn.TrainingLoop}.
 *
 * <ul>
 *   <li>A {@link org.fasthebb.models.learn.Learner} takes a step on a batch and measures how good
 *       it is, by a {@link org.fasthebb.models.learn.Criterion}. There are four: {@link
 *       org.fasthebb.models.learn.HebbianLearner} and {@link
 *       org.fasthebb.models.learn.AutoencoderLearner} pre-train without labels; {@link
 *       org.fasthebb.models.learn.BackpropLearner} and {@link
 *       org.fasthebb.models.learn.LinearLearner} learn the labels and end with a {@link
 *       org.fasthebb.models.learn.Classifier}.
 *   <li>The {@code TrainingLoop} steps it through shuffled batches, validates, keeps the best
 *       epoch's weights, saves at a {@link org.fasthebb.models.learn.SavePace} and resumes. Its
 *       result is a {@link org.fasthebb.models.learn.History}; it reports to a {@link
 *       org.fasthebb.models.learn.Progress}.
 *   <li>The optimisers are {@code Sgd} and {@code Adam}; {@link org.fasthebb.models.learn.Schedule}
 *       says how the learning rate falls.
 * </ul>
 */
package org.fasthebb.models.learn;
