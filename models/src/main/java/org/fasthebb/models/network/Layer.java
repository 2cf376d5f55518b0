package org.fasthebb.models.network;

/**
 * A line of an {@link Architecture}: which stage stands there, whatever the size of images and
 * whatever rule the neurons learn by.
 */
public sealed interface Layer {
  /** Unique in its architecture, such as conv1. */
  String name();

  /** Patches as large as what is left of the image. */
  int WHOLE = 0;

  /**
   * Neurons that look at patches, with stride 1 and no padding.
   *
   * @param neurons number of output channels
   * @param kernel height and width of a patch; {@link #WHOLE} for a fully connected layer
   * @param sharpness of the competition, where the rule is {@link org.fasthebb.hebb.SoftHebb}
   * @param rate learning rate, where the rule has one for each layer
   */
  record Neural(String name, int neurons, int kernel, float sharpness, float rate)
      implements Layer {
    /** For rules that are the same in all layers. */
    Neural(String name, int neurons, int kernel) {
      this(name, neurons, kernel, 1, 1);
    }
  }

  /** max(0, x), where the neurons below do not end with it. */
  record Rectified(String name) implements Layer {}

  /** Maxima of k x k pixels side by side. */
  record MaxPooled(String name, int k) implements Layer {}

  /**
   * Batch norm with scale and shift.
   *
   * @param modified whether a Hebbian network has the authors' modified form here
   */
  record Normalised(String name, boolean modified) implements Layer {}

  /** Batch norm without scale and shift. */
  record Standardised(String name) implements Layer {}

  /** A frame of mirrored pixels. */
  record Reflected(String name, int width) implements Layer {}

  /** max(0, u - mean of u over channels). */
  record Centred(String name) implements Layer {}

  /** Maxima of 4x4 pixels, every second one. */
  record OverlappingMaxPooled(String name) implements Layer {}

  /** Means of 2x2 pixels. */
  record MeanPooled(String name) implements Layer {}

  /** x^p. */
  record Raised(String name, float p) implements Layer {}
}
