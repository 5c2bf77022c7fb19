//! Agents and what they may do. Wherever an agent is named, its id or its name will do.

use countersign_wire::List;
use countersign_wire::agents::{AgentPatch, AgentRequest, AgentView, PermissionBody};
use reqwest::Method;

use crate::{Client, ClientError};

impl Client {
    /// Every agent.
    pub async fn agents(&self) -> Result<List<AgentView>, ClientError> {
        self.read(self.request(Method::GET, &["agents"])?).await
    }

    /// Registers an agent; its key is in the answer, and only there.
    pub async fn create_agent(&self, agent: &AgentRequest) -> Result<AgentView, ClientError> {
        self.read(self.request(Method::POST, &["agents"])?.json(agent)).await
    }

    /// One agent.
    pub async fn agent(&self, agent: &str) -> Result<AgentView, ClientError> {
        self.read(self.request(Method::GET, &["agents", agent])?).await
    }

    /// Changes an agent.
    pub async fn change_agent(
        &self,
        agent: &str,
        patch: &AgentPatch,
    ) -> Result<AgentView, ClientError> {
        self.read(self.request(Method::PATCH, &["agents", agent])?.json(patch)).await
    }

    /// What an agent may do.
    pub async fn permissions(&self, agent: &str) -> Result<List<PermissionBody>, ClientError> {
        self.read(self.request(Method::GET, &["agents", agent, "permissions"])?).await
    }

    /// Sets what an agent may do under one pattern of actions.
    pub async fn permit(
        &self,
        agent: &str,
        permission: &PermissionBody,
    ) -> Result<(), ClientError> {
        let request = self.request(Method::PUT, &["agents", agent, "permissions"])?;
        self.read::<serde::de::IgnoredAny>(request.json(permission)).await?;
        Ok(())
    }

    /// Removes the permission with exactly this pattern of actions.
    pub async fn remove_permission(&self, agent: &str, action: &str) -> Result<(), ClientError> {
        let request = self.request(Method::DELETE, &["agents", agent, "permissions"])?;
        self.read::<serde::de::IgnoredAny>(request.query(&[("action", action)])).await?;
        Ok(())
    }
}
