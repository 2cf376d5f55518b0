package org.fasthebb.models.random;

/**
 * The purposes of random numbers. Each has a stream of its own, so a change to one does not affect
 * the others. The stream numbers decide every result, so they never change and are never reused.
 */
public enum RandomStream {
  /** Weights and biases of a network, uniform. */
  WEIGHTS(1),
  /** Weights of the Hebbian read-out beside pre-training. */
  CENTROIDS(2),
  /** Weights of the classifier that is fine-tuned. */
  CLASSIFIER(3),
  /** Dropout in front of that classifier. */
  DROPOUT(4),
  /** The order of images, epoch by epoch. */
  SHUFFLE(5),
  /** Weights of an auto-encoder beside its encoder. */
  AUTO_ENCODER(6),
  /** Noise of an auto-encoder's latents in training. */
  NOISE(7),
  /** Noise of an auto-encoder's latents in validation. */
  VALIDATION_NOISE(8),
  /** Weights of a network, normal. */
  NORMAL_WEIGHTS(9),
  /** Weights of the linear read-out. */
  LINEAR(10),
  /** Dropout in front of the linear read-out. */
  LINEAR_DROPOUT(11),
  /** Which patches of images become weights. */
  PATCHES(12);

  private final int number;

  RandomStream(int number) {
    this.number = number;
  }

  /** The key of this purpose's stream; see {@link Rng}. */
  public long of(long seed) {
    return Rng.key(seed, number);
  }
}
