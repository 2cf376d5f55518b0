package org.fasthebb.models.retrieval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.Hpca;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Neurons;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FeaturesTest {
  private static final int IMAGES = 70; // more than one batch

  private final Backend backend = Backend.cpu(2);
  private final Network network =
      new Network(backend, Architecture.small(), Neurons.hebbian(new Hpca()), 1);
  private final Examples examples = Examples.all(noise(IMAGES));
  private final Preprocessing inputs = Preprocessing.fit(backend, examples);

  private static ImageSet noise(int count) {
    byte[] pixels = new byte[count * 32 * 32 * 3];
    new Random(1).nextBytes(pixels);
    return new ImageSet(32, 32, 3, List.of("noise"), pixels, new int[count]);
  }

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void stagesFromTheInputUpwards() {
    Map<String, Integer> stages = Features.stages(network, backend);
    assertEquals(
        "conv1, pool1, bn1, conv2, bn2, conv3, pool3, bn3, conv4, bn4, fc5, bn5",
        String.join(", ", stages.keySet()));
    assertEquals(28 * 28 * 96, stages.get("conv1"));
    assertEquals(14 * 14 * 96, stages.get("bn1"));
    assertEquals(4096, stages.get("bn5"));
  }

  @Test
  void featuresOfTheLastStageAreTheNetworksOutput() {
    Features features = new Features(network, inputs, "bn5");
    assertEquals(4096, features.width());
    Tensor all = features.of(examples);
    for (int from : new int[] {0, 64}) {
      int[] indices = IntStream.range(from, Math.min(from + 64, IMAGES)).toArray();
      Tensor expected = network.features(inputs.batch(examples.set(), indices));
      assertArrayEquals(expected.toArray(), all.slice(0, from, from + indices.length).toArray());
    }
  }

  @Test
  void featuresOfAStageInBetween() {
    Tensor all = new Features(network, inputs, "pool1").of(examples);
    assertArrayEquals(new int[] {IMAGES, 14 * 14 * 96}, all.shape());
    Tensor[] seen = new Tensor[1];
    network.features(
        inputs.batch(examples.set(), 3),
        (name, value) -> seen[0] = name.equals("pool1") ? value.copy() : seen[0]);
    assertArrayEquals(seen[0].toArray(), all.slice(0, 3, 4).toArray(), 1e-4f);
  }

  @Test
  void refusals() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new Features(network, inputs, "conv9"))
            .getMessage();
    assertTrue(message.contains("no stage conv9; it has conv1, pool1"), message);
    Examples many = new Examples(examples.set(), new int[30_000]);
    Features features = new Features(network, inputs, "conv1");
    message = assertThrows(IllegalArgumentException.class, () -> features.of(many)).getMessage();
    assertTrue(message.contains("75264 features of conv1 for each of 30000 images"), message);
  }
}
