import Consumers
import Logging
import Settings

extension FileSettings: BatchOutletType {
    static var policy: DeliveryPolicy { FileConsumer.policy }

    func consumer(at site: OutletSite) throws(UsageError) -> FileConsumer {
        let settings = FileConsumer.Settings(
            path: path.value, output: site.settings.output, host: site.host,
            rotation: FileConsumer.Rotation(rotation),
            synchronization: FileConsumer.Settings.Synchronization(synchronization), mode: mode, owner: owner?.value)
        return FileConsumer(settings) { [logger = site.logger] in logger.notice("\($0)") }
    }
}

extension FileConsumer.Rotation {
    fileprivate init(_ settings: RotationSettings?) {
        self.init(
            size: settings?.size, interval: settings?.interval, keep: settings?.keep,
            compresses: settings?.compression == .gzip)
    }
}

extension FileConsumer.Settings.Synchronization {
    fileprivate init(_ synchronization: FileSettings.Synchronization) {
        switch synchronization {
        case .never: self = .never
        case .interval: self = .interval
        case .always: self = .always
        }
    }
}
