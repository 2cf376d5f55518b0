package org.fasthebb.models.learn;

/**
 * Settings of supervised fine-tuning; the defaults are the authors' for CIFAR-10.
 *
 * @param rate initial learning rate
 * @param momentum of Nesterov's method
 * @param decay L2 penalty on every parameter that has a gradient
 * @param dropout probability in front of the classifier
 * @param schedule how the rate falls
 */
public record FineTuning(
    float rate, float momentum, float decay, float dropout, Schedule schedule) {
  /** The authors' settings for CIFAR-10. */
  public static FineTuning cifar10() {
    return new FineTuning(1e-3f, 0.9f, 5e-2f, 0.5f, Schedule.CODE);
  }
}
