package org.fasthebb.tools.verify;

import java.util.Collection;
import java.util.regex.Pattern;
import org.fasthebb.models.network.Architecture;

/**
 * The kinds of golden files. A file's name begins with the name of its kind, the first that fits;
 * otherwise the kind is the first one of which the file has a characteristic tensor.
 */
enum Family {
  /** One layer under soft-WTA. */
  LAYER_SWTA("layer_swta", "[^.]+\\.(x|w|labels)", "[^.]+\\.c"),
  /** One layer under HPCA. */
  LAYER_HPCA("layer_hpca", "[^.]+\\.(x|w)", "[^.]+\\.delta_w_(non)?fast"),
  /** Batch norm, plain and modified. */
  MODIFIED_BN("modified_bn", "[^.]+\\.(gamma|beta|x\\d+|dy\\d+)", "[^.]+\\.running_(mean|var)\\d+"),
  /** Hebbian learning of the network for ImageNet. */
  NET10("net10", "seed|x_shape|labels|lr", "w\\.fc10\\.it\\d+"),
  /** Hebbian learning of the small network. */
  NET6("net6", "seed|x|labels", "logits_train\\.it\\d+|w\\.\\w+\\.it\\d+"),
  /** ZCA whitening of images of 210x210 pixels, in tiles. */
  ZCA210("zca210", "seed|filter_size|images_shape", "images_shape"),
  /** ZCA whitening. */
  ZCA("zca", "[^.]+\\.(images_u8|filter_size)", "[^.]+\\.images_u8"),
  /** The variational auto-encoder around the network for ImageNet. */
  VAE10("vae10", "seed|x_shape|eps", "pool7"),
  /** The variational auto-encoder around the small network. */
  VAE("vae", "seed|(big\\.)?(x|eps)", "(big\\.)?logvar"),
  /** One layer of SoftHebb. */
  SOFTHEBB("softhebb", "[^.]+\\.(x|w|t_invert_lr0_power|pad)", "[^.]+\\.t_invert_lr0_power"),
  /** Supervised fine-tuning of the small network. */
  FINETUNE("finetune", "x|labels|\\w+\\.seed", "\\w+\\.(loss|p\\..*|grad\\..*)"),
  /** Any other file. */
  UNKNOWN("", "(?!)", ".*");

  private final String prefix;
  private final Pattern input;
  private final Pattern telltale;

  Family(String prefix, String input, String telltale) {
    this.prefix = prefix;
    this.input = Pattern.compile(input);
    this.telltale = Pattern.compile(telltale);
  }

  /** The kind of a file with this name (without the ending) and these tensors. */
  static Family of(String stem, Collection<String> names) {
    for (Family family : values()) {
      if (!family.prefix.isEmpty() && stem.startsWith(family.prefix)) {
        return family;
      }
    }
    for (Family family : values()) {
      if (names.stream().anyMatch(name -> family.telltale.matcher(Part.tensor(name)).matches())) {
        return family;
      }
    }
    return UNKNOWN;
  }

  /** Whether a tensor is an input of the computation, which is not compared. */
  boolean isInput(String tensor) {
    return input.matcher(tensor).matches();
  }

  /** The network that such a file was recorded from. */
  Architecture architecture() {
    return this == NET10 || this == VAE10 ? Architecture.imagenet() : Architecture.small();
  }

  /** The case that a tensor belongs to, as it is printed. */
  String caseOf(String tensor) {
    String[] parts = tensor.replaceAll("\\bbn\\d+\\b", "bn").split("\\.");
    return switch (this) {
      case UNKNOWN, VAE10 -> "";
      case VAE -> parts[0].equals("big") ? "big" : "small";
      case FINETUNE -> parts.length > 1 ? parts[0] + " " + parts[1] : parts[0];
      default -> parts[0];
    };
  }
}
