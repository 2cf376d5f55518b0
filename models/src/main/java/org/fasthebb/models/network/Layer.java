package org.fasthebb.models.network;

import java.util.List;

/**
 * One layer of an {@link Architecture}. It does not depend on the size of the images nor on the
 * rule that the neurons learn by; {@link Network} makes a {@link Stage} of it.
 */
public sealed interface Layer {
  /** The layer's name, unique in its architecture, such as conv1. */
  String name();

  /** The kernel of a fully connected layer: patches as large as the layer's input. */
  int WHOLE = 0;

  /**
   * Neurons that see patches, with stride 1 and no padding.
   *
   * @param neurons number of output channels
   * @param kernel height and width of a patch; {@link #WHOLE} for a fully connected layer
   * @param sharpness of the competition, where the rule is {@link org.fasthebb.hebb.SoftHebb};
   *     infinite where a single winner takes each patch, by {@link org.fasthebb.hebb.HardWta}
   * @param rate factor on the network's learning rate, where the rule has a rate for each layer
   */
  record Neural(String name, int neurons, int kernel, float sharpness, float rate)
      implements Layer {
    /** A layer for rules that are the same in all layers: sharpness and rate are 1. */
    Neural(String name, int neurons, int kernel) {
      this(name, neurons, kernel, 1, 1);
    }
  }

  /** max(0, x), after neurons whose response is not rectified. */
  record Rectified(String name) implements Layer {}

  /** Maxima of k x k windows with stride k. */
  record MaxPooled(String name, int k) implements Layer {}

  /**
   * Batch norm with scale and shift.
   *
   * @param modified whether a Hebbian network has the authors' modified batch norm here
   */
  record Normalised(String name, boolean modified) implements Layer {}

  /** Batch norm without scale and shift. */
  record Standardised(String name) implements Layer {}

  /** Padding by {@code width} mirrored pixels on each side. */
  record Reflected(String name, int width) implements Layer {}

  /** max(0, u - mean of u over channels). */
  record Centred(String name) implements Layer {}

  /** Maxima of 4x4 windows with stride 2. */
  record OverlappingMaxPooled(String name) implements Layer {}

  /** Means of 2x2 windows with stride 2. */
  record MeanPooled(String name) implements Layer {}

  /** max(0, u - t) and max(0, -u - t), after neurons that then keep the sign of their outputs. */
  record TwoSided(String name, float t) implements Layer {}

  /** Means of a k x k grid of windows that cover the whole map. */
  record GridPooled(String name, int k) implements Layer {}

  /** x^p. */
  record Raised(String name, float p) implements Layer {}

  /**
   * Patches of k x k pixels, each of them whitened: pixels become maps of k k c channels. It is
   * fitted to images before neurons learn, so it must come first.
   */
  record WhitenedPatches(String name, int k) implements Layer {}

  /**
   * Branches that see the same maps; what they make of them, averaged to k x k means, stands side
   * by side. Nothing comes behind it.
   */
  record Beside(String name, int k, List<List<Layer>> branches) implements Layer {}
}
