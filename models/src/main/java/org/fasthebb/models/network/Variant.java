package org.fasthebb.models.network;

/** How a network of one {@link Architecture} responds and what it has besides weights. */
public enum Variant {
  /** Output max(0, w x / |w|), no bias, modified batch norm in the upper layers, whitened input. */
  SWTA(true, false, true, true),
  /** Output max(0, w x), no bias, modified batch norm in the upper layers. */
  HPCA(false, false, true, false),
  /** Output max(0, w x + bias), plain batch norm: the usual network for backprop. */
  BACKPROP(false, true, false, false);

  private final boolean projects;
  private final boolean biased;
  private final boolean modifiedNorm;
  private final boolean whitened;

  Variant(boolean projects, boolean biased, boolean modifiedNorm, boolean whitened) {
    this.projects = projects;
    this.biased = biased;
    this.modifiedNorm = modifiedNorm;
    this.whitened = whitened;
  }

  /** Whether outputs are divided by the norm of the weights. */
  public boolean projects() {
    return projects;
  }

  /** Whether neurons have a bias. */
  public boolean isBiased() {
    return biased;
  }

  /** Whether upper layers have the modified batch norm. */
  public boolean hasModifiedNorm() {
    return modifiedNorm;
  }

  /** Whether images are ZCA-whitened. */
  public boolean isWhitened() {
    return whitened;
  }
}
