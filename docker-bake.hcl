# The images of all services, for amd64 and arm64:
#
#   IMAGE_PREFIX=registry.example/me/container-counter docker buildx bake --push
#
# deploy/images.yml runs them. Both platforms at once need a builder that has them: docker buildx create --use
variable "IMAGE_PREFIX" {
  default = "container-counter"
}

variable "VERSION" {
  default = "0.1.0"
}

# Where the sources are, and which commit it is.
variable "SOURCE" {
  default = ""
}

variable "REVISION" {
  default = ""
}

variable "NODE_IMAGE" {
  default = "node:26-alpine"
}

group "default" {
  targets = ["image"]
}

target "image" {
  matrix = {
    service = ["web", "proxy", "cli"]
  }
  name      = service
  target    = service
  platforms = ["linux/amd64", "linux/arm64"]
  tags      = ["${IMAGE_PREFIX}/${service}:${VERSION}"]
  args = {
    NODE_IMAGE = NODE_IMAGE
  }
  labels = {
    "org.opencontainers.image.title"    = "container-counter ${service}"
    "org.opencontainers.image.version"  = VERSION
    "org.opencontainers.image.licenses" = "MIT"
    "org.opencontainers.image.source"   = SOURCE
    "org.opencontainers.image.revision" = REVISION
  }
}
