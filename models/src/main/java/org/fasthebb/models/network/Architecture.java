package org.fasthebb.models.network;

import java.util.List;

/**
 * The shape of a network: blocks of convolution, ReLU, max-pooling and batch norm on square images.
 * A fully connected layer is a convolution whose kernel covers what is left of the image.
 *
 * @param name for people and checkpoints
 * @param side height and width of the input images
 * @param channels of the input images
 * @param blocks from the input upwards
 */
public record Architecture(String name, int side, int channels, List<Block> blocks) {
  /**
   * One block.
   *
   * @param name of its weights, such as conv1
   * @param neurons number of output channels
   * @param kernel height and width of its patches
   * @param pool window and stride of its max-pooling; 1 for none
   * @param norm name of its batch norm
   * @param modifiedNorm whether a Hebbian network has the modified batch norm here
   */
  public record Block(
      String name, int neurons, int kernel, int pool, String norm, boolean modifiedNorm) {}

  /** The paper's small network (Fig. 2) up to its last hidden layer, for 3x32x32 images. */
  public static Architecture small() {
    return new Architecture(
        "small",
        32,
        3,
        List.of(
            new Block("conv1", 96, 5, 2, "bn1", false),
            new Block("conv2", 128, 3, 1, "bn2", false),
            new Block("conv3", 192, 3, 2, "bn3", true),
            new Block("conv4", 256, 3, 1, "bn4", true),
            new Block("fc5", 4096, 3, 1, "bn5", true)));
  }

  /** Number of features that come out of the last block for one image. */
  public int features() {
    int size = side;
    for (Block block : blocks) {
      size = (size - block.kernel() + 1) / block.pool();
    }
    return blocks.getLast().neurons() * size * size;
  }
}
