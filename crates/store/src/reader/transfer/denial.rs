//! What other states may be told of an application that was refused.

use entente_register::access::{Extent, Reading};
use entente_register::label::Clearance;
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::transfer::notification::{DenialNotification, notification};

use crate::error::Outcome;
use crate::reader::Reader;

impl Reader {
    /// The notification of what was refused of an application, for those who may know of what `audience` may.
    ///
    /// # Errors
    /// `access.read` if the actor may not read all of applications; `not_found` where it is not open to the actor;
    /// `denial.not_final` and `denial.marking`.
    pub async fn denial_notification(
        &self,
        number: &str,
        audience: &Clearance,
    ) -> Outcome<DenialNotification> {
        if self.check(Reading::Applications)? != Extent::All {
            return Err(Refusal::new("access.read", "A notification is given out by those who decide.")
                .missing("a role that reads the applications of everybody")
                .into());
        }
        let mut transaction = self.store.database.read().await?;
        let found = self.find_application(&mut transaction.connection(), number).await?;
        drop(transaction);
        let (application, _) = found.ok_or_else(|| Refusal::not_found("application", number))?;
        let told = notification(&application, audience)?;
        let subject = SubjectKind::Application.subject(number);
        self.log(format!("{subject} denial"), Some(&application.label)).await?;
        Ok(told)
    }
}
